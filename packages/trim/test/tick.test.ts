import {
  Heap,
  InvalidOptionError,
  TrimInProgressError,
  Trimmer,
  decay,
  defaultPolicy,
  immediate,
  keepAll,
  peakWindow,
} from "@perfloc/trim";
import { FailingSource } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";
import { FakeClock } from "./support/fake-clock.js";
import { heapAfterPeak, smallChunks } from "./support/heaps.js";

const WINDOW_MS = 10_000;

/** Drops what the peak left, as a burst that ends while a trimmer watches. */
function burst(heap: Heap): void {
  const context = heap.open("burst", { kind: "bump", maxChunkBytes: 8192 });
  for (let count = 0; count < 90; count++) context.alloc(1024);
  context.drop();
}

test("T26 T30 a clock that answers no finite number is refused by whoever reads it", () => {
  const { heap } = heapAfterPeak();
  const trimmer = new Trimmer(heap, immediate(), { clock: () => Number.NaN });
  const code = "PERFLOC_TRIM_INVALID_TIME";
  for (const read of [() => trimmer.stats(), () => trimmer.trim(), () => trimmer.tick()])
    expect(read).toThrow(expect.objectContaining({ code }));
  expect(heap.arena.stats().chunksReleased).toBe(0);
});

test("T19 a chunk goes a window after it was last needed, and not before", () => {
  const { heap } = heapAfterPeak();
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, peakWindow(), { clock: clock.read });
  trimmer.tick();
  burst(heap);
  clock.pass(100);
  const dueAt = trimmer.tick();
  expect(dueAt).toBe(clock.now + WINDOW_MS);
  clock.now = dueAt - 1;
  expect(trimmer.tick()).toBe(dueAt);
  expect(heap.arena.stats().chunksReleased).toBe(0);
  clock.now = dueAt;
  expect(trimmer.tick()).toBe(Infinity);
  expect(heap.arena.stats().heldBytes).toBe(8192);
});

test("T20 what is needed again in time starts anew", () => {
  const { heap } = heapAfterPeak();
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, decay(), { clock: clock.read });
  trimmer.tick();
  for (let round = 0; round < 20; round++) {
    clock.pass(2000);
    burst(heap);
    clock.pass(200);
    trimmer.tick();
  }
  expect(heap.arena.stats().chunksReleased).toBe(0);
  clock.pass(13_000);
  expect(trimmer.tick()).toBe(Infinity);
  expect(heap.arena.stats().heldBytes).toBe(8192);
});

test("T26 nothing due: the same answer without a look at the heap", () => {
  const { heap } = heapAfterPeak();
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, keepAll(), { clock: clock.read });
  expect(trimmer.tick()).toBe(Infinity);
  expect(trimmer.stats().trims).toBe(1);
  for (let count = 0; count < 10; count++) expect(trimmer.tick(clock.pass(1e6))).toBe(Infinity);
  expect(trimmer.stats().trims).toBe(1);
});

test("T26 a chunk that runs empty makes a tick due 100 ms later", () => {
  const { heap } = heapAfterPeak();
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, immediate(), { clock: clock.read });
  expect(trimmer.tick()).toBe(Infinity);
  burst(heap);
  expect(trimmer.tick()).toBe(clock.now + 100);
  clock.pass(100);
  trimmer.tick();
  expect(heap.arena.stats().heldBytes).toBe(8192);
});

test("T26 one tick gives back at most a step, and the next goes on at once", () => {
  const { heap } = heapAfterPeak();
  const clock = new FakeClock();
  const pace = { stepBytes: 40_000 };
  const trimmer = new Trimmer(heap, immediate(), { clock: clock.read, pace });
  const lengths: number[] = [];
  for (let dueAt = clock.now; dueAt !== Infinity;) {
    const before = heap.arena.stats().heldBytes;
    dueAt = trimmer.tick();
    lengths.push(before - heap.arena.stats().heldBytes);
  }
  expect(lengths).toEqual([65_536, 32_768, 16_384]);
});

test("T26 a clock that goes back stands still; one that jumps a day makes all of it due", () => {
  const { heap } = heapAfterPeak();
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, decay(), { clock: clock.read });
  trimmer.tick();
  const dueAt = trimmer.tick(clock.pass(3000));
  const { now } = clock;
  clock.pass(-100_000);
  expect(trimmer.trim().plan).toMatchObject({ now: now - 3000, nextDueAt: dueAt });
  expect(trimmer.tick()).toBe(dueAt);
  clock.pass(86_400_000);
  trimmer.trim();
  expect(heap.arena.stats().heldBytes).toBe(8192);
});

test.each([Number.NaN, Infinity, "1" as unknown as number, undefined as unknown as number])(
  "T26 no time: %s",
  (bad) => {
    const { heap } = heapAfterPeak();
    const trimmer = new Trimmer(heap, immediate(), { clock: () => bad });
    for (const attempt of [() => trimmer.plan(), () => trimmer.trim(), () => trimmer.tick()]) {
      expect(attempt).toThrow(InvalidOptionError);
      expect(attempt).toThrow(expect.objectContaining({ code: "PERFLOC_TRIM_INVALID_TIME" }));
    }
    expect(heap.arena.stats().chunksReleased).toBe(0);
  },
);

test("T28 the pace holds over time, in whole chunks", () => {
  const { heap } = heapAfterPeak();
  const clock = new FakeClock();
  const bytesPerSecond = 32_768;
  const trimmer = new Trimmer(heap, immediate(), { clock: clock.read, pace: { bytesPerSecond } });
  const start = clock.now;
  const released: [number, number][] = [];
  while (heap.arena.stats().heldBytes > 8192) {
    const { releasedBytes, plan } = trimmer.trim();
    if (releasedBytes > 0) released.push([clock.now - start, releasedBytes]);
    if (plan.nextDueAt !== Infinity) clock.now = Math.max(clock.now + 1, plan.nextDueAt);
  }
  expect(released.map(([, byteLength]) => byteLength)).toEqual([65_536, 32_768, 16_384]);
  expect(released[1]![0]).toBeGreaterThanOrEqual(1000);
  expect(released[2]![0]).toBeGreaterThanOrEqual(2000);
});

test("T9 T28 what the pace holds back is scheduled, in the plan as in the trim", () => {
  const { heap } = heapAfterPeak();
  const clock = new FakeClock();
  const pace = { bytesPerSecond: 10_000 };
  const trimmer = new Trimmer(heap, immediate(), { clock: clock.read, pace });
  const plan = trimmer.plan();
  expect(plan).toMatchObject({ releasedBytes: 65_536, scheduledBytes: 49_152 });
  expect(trimmer.trim().plan).toEqual(plan);
});

test("T12 T26 a release that failed is tried again a second later", () => {
  const source = new FailingSource();
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, immediate(), { clock: clock.read });
  source.refusesRelease = true;
  expect(trimmer.tick()).toBe(clock.now + 1000);
  source.refusesRelease = false;
  clock.pass(1000);
  expect(trimmer.tick()).toBe(Infinity);
  expect(heap.arena.stats().heldBytes).toBe(8192);
});

test("T31 a source that allocates while it releases gets other memory, and nothing is lost", () => {
  const source = new FailingSource();
  const { heap, kept } = heapAfterPeak({ ...smallChunks, source });
  const release = source.release.bind(source);
  const taken: number[] = [];
  source.release = (range) => {
    taken.push(kept.alloc(10_000));
    kept.bytes(taken.at(-1)!, 10_000).fill(taken.length);
    release(range);
  };
  new Trimmer(heap, immediate()).trim();
  source.release = release;
  heap.verify();
  expect(taken.length).toBeGreaterThan(0);
  for (const [at, address] of taken.entries()) {
    expect(kept.bytes(address, 10_000).every((byte) => byte === at + 1)).toBe(true);
  }
  const held = heap.arena.stats().heldBytes;
  expect([...source.live].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(held);
});

test("T31 a trim within a trim is refused, a tick within one does nothing", () => {
  const source = new FailingSource();
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  const trimmer = new Trimmer(heap, immediate());
  const release = source.release.bind(source);
  const errors: unknown[] = [];
  source.release = (range) => {
    try {
      trimmer.trim();
    } catch (error) {
      errors.push(error);
    }
    trimmer.tick();
    release(range);
  };
  expect(trimmer.trim().failures).toEqual([]);
  expect(errors).toHaveLength(3);
  expect(errors[0]).toBeInstanceOf(TrimInProgressError);
  expect(heap.arena.stats().heldBytes).toBe(8192);
});

test("T31 a trim in a reset callback, while its context is dropped, takes only what is empty", () => {
  const { heap, kept } = heapAfterPeak();
  const trimmer = new Trimmer(heap, immediate());
  kept.onReset(() => void trimmer.trim());
  kept.drop();
  expect(heap.arena.stats().heldBytes).toBe(8192);
  heap.verify();
  expect(trimmer.trim().releasedBytes).toBe(8192);
});

test("T32 force takes everything that is empty, whatever policy and pace say", () => {
  const { heap } = heapAfterPeak();
  const trimmer = new Trimmer(heap, keepAll(), { pace: { bytesPerSecond: 1 } });
  expect(trimmer.trim({ force: true }).releasedBytes).toBe(114_688);
  expect(heap.arena.stats().heldBytes).toBe(8192);
});

test("T29 while memory is short, everything empty goes", () => {
  const { heap } = heapAfterPeak();
  let availableBytes: number | undefined = 2000;
  const pressure = { belowBytes: 1000, availableBytes: () => availableBytes };
  const trimmer = new Trimmer(heap, keepAll(), { pressure });
  expect(trimmer.trim().releasedBytes).toBe(0);
  availableBytes = undefined;
  expect(trimmer.trim().releasedBytes).toBe(0);
  availableBytes = 1000;
  expect(trimmer.trim().releasedBytes).toBe(0);
  availableBytes = 999;
  expect(trimmer.plan().releasedBytes).toBe(114_688);
  expect(trimmer.trim().releasedBytes).toBe(114_688);
});

test("T25 the default policy leaves one first chunk, and that within 15 seconds", () => {
  const heap = new Heap();
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, defaultPolicy(), { clock: clock.read });
  trimmer.tick();
  const context = heap.open("burst");
  for (let count = 0; count < 4000; count++) context.alloc(1024);
  clock.pass(1000);
  trimmer.tick();
  context.drop();
  const end = clock.now + 15_000;
  for (let dueAt = trimmer.tick(); dueAt <= end; dueAt = trimmer.tick()) clock.now = dueAt;
  expect(heap.arena.stats().heldBytes).toBe(32_768);
});

test("T25 and also after short gaps have taught it patience", () => {
  const heap = new Heap();
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, defaultPolicy(), { clock: clock.read });
  for (let round = 0; round < 12; round++) {
    const context = heap.open("burst");
    for (let count = 0; count < 4000; count++) context.alloc(1024);
    runUntil(trimmer, clock, clock.pass(500));
    context.drop();
    runUntil(trimmer, clock, clock.pass(1000));
  }
  runUntil(trimmer, clock, clock.pass(14_000));
  expect(heap.arena.stats().heldBytes).toBe(32_768);
});

test("T19 demand that falls within chunks in use, which rings no bell, is seen all the same", () => {
  const heap = new Heap(smallChunks);
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, peakWindow({ windowMs: 1000 }), { clock: clock.read });
  // Thirteen of the fourteen pages of the first three chunks, and the fourth for a moment.
  const contexts = Array.from({ length: 13 }, (_, index) => heap.open(`${index}`));
  for (const context of contexts) context.alloc(100);
  const last = heap.open("last");
  last.alloc(60_000);
  last.drop();
  runUntil(trimmer, clock, 5000);
  expect(heap.arena.stats()).toMatchObject({ heldBytes: 122_880, usedBytes: 13 * 4096 });
  for (const [index, context] of contexts.entries()) if (index % 3 > 0) context.drop();
  runUntil(trimmer, clock, 9000);
  expect(heap.arena.stats().heldBytes).toBe(57_344);
});

function runUntil(trimmer: Trimmer, clock: FakeClock, end: number): void {
  for (let dueAt = trimmer.tick(); dueAt <= end; dueAt = trimmer.tick()) clock.now = dueAt;
  clock.now = end;
}
