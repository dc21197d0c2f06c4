/** Rows that append to buffers and resize them whenever they are full. */
import { fileURLToPath } from "node:url";
import type { GrowthKind } from "./growth-shape.js";
import { mallocSides } from "./malloc-sides.js";
import type { Row } from "./row.js";

const CONTEXT = fileURLToPath(new URL("./perfloc/growth-process.js", import.meta.url));
const COLLECTED = fileURLToPath(new URL("./peers/growth-process.js", import.meta.url));

/** A millisecond or two each; that of array push by factor takes forty. */
const PASSES = 51;

export function growthRow(name: string, kind: GrowthKind): Row {
  const how = kind === "factor" ? "from 16 bytes to 1 MiB by factor 1.5" : "by 64 bytes to 64 KiB";
  const args = [kind, `${PASSES}`];
  return {
    name,
    summary: `buffers grow ${how}, with realloc in an allocset context; an operation is one resize`,
    question: "growth",
    prepare(workshop) {
      return {
        perfloc: { path: CONTEXT, args },
        peers: [
          { label: "array push", path: COLLECTED, args: ["pushed", ...args] },
          { label: "doubling copy", path: COLLECTED, args: ["doubled", ...args] },
          ...mallocSides(workshop, "growth", args),
        ],
      };
    },
  };
}
