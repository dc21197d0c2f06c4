/** Rows that replay a recorded trace. */
import { fileURLToPath } from "node:url";
import { mallocSides } from "./malloc-sides.js";
import { passCountFor } from "./pass-count.js";
import type { Row, Script } from "./row.js";
import type { TraceFile } from "./trace-files.js";

const REPLAY = fileURLToPath(new URL("./perfloc/trace-replay-process.js", import.meta.url));

/** The check levels that are compared with `off`, and what each is called in a table. */
export const LEVELS = [
  ["check", "check: 'check' (default)"],
  ["sample", "check: 'sample' (1 in 128)"],
  ["debug", "check: 'debug'"],
] as const;

/** Debug passes take half a minute where others take milliseconds: few passes, few rounds. */
const DEBUG_PASSES = 1;
const LEVEL_ROUNDS = 5;

/**
 * What each check level costs: the same trace on all of them. Perfloc's side is `off` and its peers are the other levels, so a level
 * that costs a quarter has the ratio 0.8; `pnpm bench:levels` prints percent.
 */
export function levelRow(trace: TraceFile): Row {
  return {
    name: `levels-${trace.name}`,
    summary: `${trace.label} on each check level, against check: 'off'`,
    maxRounds: LEVEL_ROUNDS,
    prepare(workshop) {
      const { operationCount } = workshop.prepareTrace(trace.path);
      const scriptFor = (check: string): Script => {
        const passes = check === "debug" ? DEBUG_PASSES : passCountFor(operationCount);
        return { path: REPLAY, args: [trace.path, `${passes}`, check] };
      };
      const peers = LEVELS.map(([check, label]) => {
        const { path, args } = scriptFor(check);
        return { label, path, args };
      });
      return { perfloc: scriptFor("off"), peers };
    },
  };
}

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
