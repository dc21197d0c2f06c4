/** Rows that replay a recorded trace. */
import { fileURLToPath } from "node:url";
import { mallocSides } from "./malloc-sides.js";
import { passCountFor } from "./pass-count.js";
import type { Row } from "./row.js";
import type { TraceFile } from "./trace-files.js";

const REPLAY = fileURLToPath(new URL("./perfloc/trace-replay-process.js", import.meta.url));

/** The work of a program with memory contexts, against malloc with a free for every object. */
export function contextRow(name: string, trace: TraceFile, check: "check" | "off"): Row {
  const checks = check === "check" ? "default checks" : "check: 'off'";
  const summary = `${trace.label} in contexts (${checks}), against mallocs with a free per object`;
  return { ...traceRow(name, summary, trace, check, "context-replay"), isAlsoDetached: true };
}

/** The work of a program on malloc, in one allocset context. */
export function mallocRow(trace: TraceFile): Row {
  const summary = `${trace.label} in one allocset context, against mallocs`;
  return traceRow(trace.name, summary, trace, "check", "malloc-replay");
}

function traceRow(
  name: string,
  summary: string,
  trace: TraceFile,
  check: "check" | "off",
  program: "context-replay" | "malloc-replay",
): Row {
  return {
    name,
    summary,
    prepare(workshop) {
      const { binaryPath, operationCount } = workshop.prepareTrace(trace.path);
      const passes = `${passCountFor(operationCount)}`;
      return {
        perfloc: { path: REPLAY, args: [trace.path, passes, check] },
        peers: mallocSides(workshop, program, [binaryPath, passes]),
      };
    },
  };
}
