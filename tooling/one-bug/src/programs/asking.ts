/** Bugs in what is asked for: lengths, alignments, options. */
import { Heap } from "@perfloc/typed";
import { ALL, type BugProgram } from "../program.js";

const INVALID_SIZE = "PERFLOC_CONTEXT_INVALID_SIZE";

const wrongLengths: readonly (readonly [string, number])[] = [
  ["NaN", Number.NaN],
  ["-1", -1],
  ["1.5", 1.5],
  ["Infinity", Infinity],
  ["2^31", 2 ** 31],
  ["2^32 + 16", 2 ** 32 + 16],
];

export const asking: readonly BugProgram[] = [
  ...wrongLengths.map(([name, byteLength]): BugProgram => ({
    bug: `${name} bytes are asked for`,
    layer: "context",
    code: INVALID_SIZE,
    foundOn: ALL,
    run({ context }) {
      context.alloc(byteLength);
    },
  })),
  {
    bug: "an object is reallocated to -1 bytes",
    layer: "context",
    code: INVALID_SIZE,
    foundOn: ALL,
    run({ context }) {
      context.realloc(context.alloc(8), -1);
    },
  },
  {
    bug: "an alignment of 24 is asked for",
    layer: "context",
    code: "PERFLOC_CONTEXT_INVALID_ALIGNMENT",
    foundOn: ALL,
    run({ context }) {
      context.alloc(8, 24);
    },
  },
  {
    bug: "more than a slab's slots hold is asked for",
    layer: "context",
    code: "PERFLOC_CONTEXT_WRONG_KIND",
    foundOn: ALL,
    run({ context }) {
      context.open("slab", { kind: "slab", slotBytes: 32 }).alloc(33);
    },
  },
  {
    bug: "a check level that does not exist is asked for",
    layer: "context",
    code: "PERFLOC_CONTEXT_INVALID_OPTION",
    foundOn: ALL,
    run() {
      const heap = new Heap({ check: "paranoid" as "debug" });
      heap.dispose();
    },
  },
  {
    bug: "a program allocates without end",
    layer: "context",
    code: "PERFLOC_CONTEXT_LIMIT",
    foundOn: ALL,
    run({ context }) {
      context.setLimit(1_000_000);
      while (context.alloc(1000) > 0);
    },
  },
];
