/** Rows that replay a recorded trace. */
import { fileURLToPath } from "node:url";
import { mallocSides } from "./malloc-sides.js";
import { passCountFor } from "./pass-count.js";
import type { Contest, Row, ScriptPeer, Side } from "./row.js";
import type { TraceFile } from "./trace-files.js";
import type { Workshop } from "./workshop.js";

type ReplayProgram = "context-replay" | "malloc-replay";

const REPLAY = fileURLToPath(new URL("./perfloc/trace-replay-process.js", import.meta.url));
const STUB_REPLAY = fileURLToPath(new URL("./perfloc/stub-replay-process.js", import.meta.url));
const PEAK = fileURLToPath(new URL("./perfloc/peak-process.js", import.meta.url));

/** What a row compares with `off`: a check level, and for `sample` how seldom it guards an object. */
interface Level {
  /** As tables name it. */
  readonly label: string;
  /** Behind the trace and the passes. */
  readonly args: readonly string[];
}

export const CHECK: Level = { label: "check (default)", args: ["check"] };
export const SAMPLE_128: Level = { label: "sample, 1 in 128", args: ["sample", "128"] };
export const SAMPLE: Level = { label: "sample", args: ["sample"] };
export const DEBUG: Level = { label: "debug", args: ["debug"] };

/** Debug passes take half a minute where others take milliseconds: few passes, few rounds. */
const DEBUG_PASSES = 1;
const LEVEL_ROUNDS = 5;

/**
 * What each check level costs: the same trace on all of them. Perfloc's side is `off` and its peers are the other levels, so a level
 * that costs a quarter has the ratio 0.8.
 */
export function levelRow(trace: TraceFile, levels: readonly Level[]): Row {
  return {
    name: `levels-${trace.name}`,
    summary: `${trace.label} on each check level, against check: 'off'`,
    question: "levels",
    maxRounds: LEVEL_ROUNDS,
    prepare(workshop) {
      const { operationCount } = workshop.prepareTrace(trace.path);
      const scriptFor = ({ label, args }: Level): ScriptPeer => {
        const passes = label === DEBUG.label ? DEBUG_PASSES : passCountFor(operationCount);
        return { label, path: REPLAY, args: [trace.path, `${passes}`, ...args] };
      };
      return {
        perfloc: scriptFor({ label: "off", args: ["off"] }),
        peers: levels.map(scriptFor),
      };
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
  program: ReplayProgram,
): Row {
  return {
    name,
    summary,
    question: "traces",
    prepare(workshop) {
      const { binaryPath, operationCount } = workshop.prepareTrace(trace.path);
      const passes = `${passCountFor(operationCount)}`;
      return {
        perfloc: { path: REPLAY, args: [trace.path, passes, check] },
        peers: mallocSides(workshop, program, [binaryPath, passes]),
        loop: loopSides(workshop, program, [binaryPath, passes], [trace.path, passes]),
        ...(check === "check" && {
          memory: memorySides(workshop, program, binaryPath, [], trace.path),
        }),
      };
    },
  };
}

/**
 * @param nativeArgs - of the program in C
 * @param args - of the same replay in JavaScript
 */
export function loopSides(
  { programs }: Workshop,
  program: ReplayProgram,
  nativeArgs: readonly string[],
  args: readonly string[],
): NonNullable<Contest["loop"]> {
  const command = programs.build(program);
  const native =
    command === undefined
      ? undefined
      : { label: "loop, C", command, args: [...nativeArgs, "--stub"] };
  return { perfloc: { path: STUB_REPLAY, args }, native };
}

/**
 * @param from - for a trace that is timed in part: the argument that says so
 * @param path - of the trace for the replay in JavaScript
 */
export function memorySides(
  { programs }: Workshop,
  program: ReplayProgram,
  binaryPath: string,
  from: readonly string[],
  path: string,
): NonNullable<Contest["memory"]> {
  const command = programs.build(program);
  const sideFor = (label: string, mode: string): Side => ({
    label,
    command: command!,
    args: [binaryPath, "1", ...from, mode],
  });
  return {
    perfloc: { path: PEAK, args: [path] },
    glibc:
      command === undefined
        ? undefined
        : {
            replay: sideFor("malloc", "--held"),
            withoutObjects: sideFor("no objects", "--no-memory"),
          },
  };
}
