/** Perfloc's sides: they do what the trace says, every pass anew, and add up the checksum of the programs in C. */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { makeBumpFill } from "../src/perfloc/bump-fill.js";
import { makeContextReplay } from "../src/perfloc/context-replay.js";
import { makeMallocReplay } from "../src/perfloc/malloc-replay.js";
import { timePasses, type Work } from "../src/perfloc/passes.js";
import {
  TINY_CONTEXT_CHECKSUM,
  TINY_MALLOC_CHECKSUM,
  tinyContextTrace,
  tinyMallocTrace,
} from "./tiny-trace.js";

const works: [string, (heap: Heap) => Work, { operations: number; checksum: number }][] = [
  [
    "a context trace",
    (heap) => makeContextReplay(heap, tinyContextTrace()),
    { operations: 14, checksum: TINY_CONTEXT_CHECKSUM },
  ],
  [
    "a malloc trace, thread switches not counted",
    (heap) => makeMallocReplay(heap, tinyMallocTrace()),
    { operations: 8, checksum: TINY_MALLOC_CHECKSUM },
  ],
  [
    "bump allocation over several process chunks",
    (heap) => makeBumpFill(heap, 1000),
    { operations: 1000, checksum: (999 * 1000) / 2 },
  ],
];

test.each(works)("%s: operations and checksum, twice", (_, makeWork, expected) => {
  for (const check of ["check", "off"] as const) {
    using heap = new Heap({ check });
    const work = makeWork(heap);
    expect(work.operations).toBe(expected.operations);
    for (let pass = 0; pass < 2; pass++) {
      expect(work.run()).toBe(expected.checksum);
      heap.verify();
      work.cleanUp();
      heap.verify();
    }
  }
});

test.each(works)("%s: nothing is live between passes", (_, makeWork) => {
  using heap = new Heap();
  const work = makeWork(heap);
  for (let pass = 0; pass < 2; pass++) {
    work.run();
    work.cleanUp();
    expect(heap.stats()).toMatchObject({ liveBytes: 0 });
  }
});

test("as many passes are reported as were asked for", () => {
  using heap = new Heap();
  const report = timePasses(makeMallocReplay(heap, tinyMallocTrace()), 3);
  expect(report).toMatchObject({ ops: 8, checksum: TINY_MALLOC_CHECKSUM });
  expect(report.passes).toHaveLength(3);
});

test("a pass with another checksum is an error, not a figure", () => {
  let runs = 0;
  const work: Work = { operations: 1, runsPerPass: 1, run: () => runs++, cleanUp: () => {} };
  expect(() => timePasses(work, 2)).toThrow("checksum");
});
