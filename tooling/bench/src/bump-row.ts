/** Rows of bump allocation. */
import { fileURLToPath } from "node:url";
import { passCountFor } from "./pass-count.js";
import type { Row } from "./row.js";

const BUMP = fileURLToPath(new URL("./perfloc/bump-process.js", import.meta.url));
const STUB = fileURLToPath(new URL("./peers/bump-process.js", import.meta.url));

export function bumpRow(objectCount: number): Row {
  return {
    name: `bump-${objectCount}`,
    summary: `${objectCount.toLocaleString("en-US")} objects of 24 bytes in a bump context, then its reset; an operation is one object`,
    question: "scopes",
    isAlsoDetached: true,
    prepare(workshop) {
      const args = [`${objectCount}`, `${passCountFor(objectCount)}`];
      const pool = workshop.programs.build("bump-apr");
      return {
        perfloc: { path: BUMP, args },
        peers: [
          {
            label: "AssemblyScript stub",
            path: STUB,
            args: [...args, workshop.assemblyScript("stub")],
          },
          ...(pool === undefined
            ? []
            : [{ label: "APR pool", command: pool, args, passesUnder: "apr" }]),
        ],
      };
    },
  };
}
