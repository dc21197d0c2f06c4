/** Defects that a reading found: each of these failed before it was mended. */
import {
  Heap,
  Trimmer,
  type TrimPolicy,
  decay,
  immediate,
  keepAll,
  limit,
  retain,
} from "@perfloc/trim";
import { FailingSource } from "@perfloc-tooling/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PaperHeap, PaperTrimmer } from "./support/facts.js";
import { heapAfterPeak, smallChunks } from "./support/heaps.js";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => vi.useRealTimers());

function burst(heap: Heap): void {
  const context = heap.open("burst", { kind: "bump", maxChunkBytes: 8192 });
  for (let count = 0; count < 90; count++) context.alloc(1024);
  context.drop();
}

test("T27 a policy that throws once in the timer does not end a started trimmer", () => {
  const { heap } = heapAfterPeak();
  let throwsNext = false;
  const moody: TrimPolicy = {
    name: "moody",
    decide: (facts) => {
      if (throwsNext) throw new Error("moody");
      return immediate().decide(facts, undefined);
    },
  };
  using trimmer = new Trimmer(heap, moody).start();
  throwsNext = true;
  burst(heap);
  expect(() => vi.advanceTimersByTime(200)).toThrow("moody");
  throwsNext = false;
  vi.advanceTimersByTime(1100);
  expect(heap.arena.stats().heldBytes).toBe(8192);
  expect(trimmer.isTimerPending).toBe(false);
});

test("T27 a start that throws has not begun", () => {
  const { heap } = heapAfterPeak();
  const trimmer = new Trimmer(heap, keepAll(), { clock: () => Number.NaN });
  expect(() => trimmer.start()).toThrow("finite");
  expect([trimmer.isStarted, vi.getTimerCount()]).toEqual([false, 0]);
});

test("T12 T27 what a trim by hand could not release, a started trimmer tries again", () => {
  const source = new FailingSource();
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  using trimmer = new Trimmer(heap, retain({ bytes: 50_000 })).start();
  burst(heap);
  vi.advanceTimersByTime(200);
  source.refusesRelease = true;
  trimmer.trim({ force: true });
  expect(trimmer.isTimerPending).toBe(true);
  source.refusesRelease = false;
  burst(heap);
  vi.advanceTimersByTime(2000);
  expect(heap.arena.stats().heldBytes).toBeLessThan(122_880);
});

test("T27 a trim by hand that leaves nothing to do leaves no timer", () => {
  const { heap } = heapAfterPeak();
  using trimmer = new Trimmer(heap).start();
  expect(vi.getTimerCount()).toBe(1);
  trimmer.trim({ force: true });
  expect(vi.getTimerCount()).toBe(0);
});

test("T27 stop from within a release is a stop", () => {
  const source = new FailingSource();
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  const trimmer = new Trimmer(heap, immediate(), { pace: { stepBytes: 1 } });
  const release = source.release.bind(source);
  source.release = (range) => {
    trimmer.stop();
    release(range);
  };
  trimmer.start();
  expect([trimmer.isStarted, vi.getTimerCount()]).toEqual([false, 0]);
  const { heldBytes } = heap.arena.stats();
  vi.advanceTimersByTime(10_000);
  expect(heap.arena.stats().heldBytes).toBe(heldBytes);
});

test("T11 a clock that throws does so where it is asked, never inside the arena", () => {
  const { heap, kept } = heapAfterPeak();
  let isBroken = false;
  const clock = (): number => {
    if (isBroken) throw new Error("clock");
    return performance.now();
  };
  const trimmer = new Trimmer(heap, keepAll(), { clock });
  trimmer.tick();
  isBroken = true;
  kept.drop();
  heap.verify();
  expect(() => trimmer.trim()).toThrow("clock");
});

test("T10 a chunk that a source gives back while another is released is counted as overtaken", () => {
  const source = new FailingSource();
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  const trimmer = new Trimmer(heap, immediate());
  const release = source.release.bind(source);
  source.release = (range) => {
    source.release = release;
    heap.arena.releaseChunk(1);
    release(range);
  };
  const report = trimmer.trim();
  expect(report).toMatchObject({ releasedBytes: 98_304, overtakenBytes: 16_384, failures: [] });
  expect(trimmer.stats().releasedChunks).toBe(2);
});

test("T20 an old empty chunk below a busy one goes, and the busy one stays", () => {
  const heap = new PaperHeap([4096, 65_536, 65_536]);
  const trimmer = new PaperTrimmer(heap, decay({ horizonMs: 1000 }));
  heap.demand(135_168);
  trimmer.trimAt(0);
  heap.demand(4096);
  const released: number[] = [];
  for (let now = 0; now < 10_000; now += 100) {
    heap.touch(2);
    released.push(...trimmer.trimAt(now));
  }
  expect(released).toEqual([1]);
});

test("T23 a limit that growth exceeds is seen without a release", () => {
  const heap = new Heap(smallChunks);
  heap.open("lasting").alloc(100);
  using trimmer = new Trimmer(heap, limit({ soft: 130_000 })).start();
  burst(heap);
  vi.advanceTimersByTime(200);
  expect(heap.arena.stats().heldBytes).toBe(122_880);
  heap.open("large").alloc(200_000);
  vi.advanceTimersByTime(200);
  expect(heap.arena.stats().chunksReleased).toBeGreaterThan(0);
  expect(trimmer.isStarted).toBe(true);
});

test("T29 a started trimmer sees memory run short while it has nothing else to do", () => {
  const { heap } = heapAfterPeak();
  let availableBytes = 5000;
  const pressure = { belowBytes: 1000, availableBytes: () => availableBytes };
  using trimmer = new Trimmer(heap, keepAll(), { pressure }).start();
  vi.advanceTimersByTime(5000);
  expect(heap.arena.stats().chunksReleased).toBe(0);
  availableBytes = 500;
  vi.advanceTimersByTime(1100);
  expect(heap.arena.stats().heldBytes).toBe(8192);
  expect(trimmer.isTimerPending).toBe(false);
});

test("T1 T28 what the pace holds back is due one after the other", () => {
  const { heap } = heapAfterPeak();
  const pace = { bytesPerSecond: 10_000 };
  const trimmer = new Trimmer(heap, immediate(), { clock: () => 0, pace });
  const due = trimmer.plan().actions.map(({ dueAt }) => dueAt);
  expect(due[1]).toBeGreaterThan(due[2]!);
  expect(due[2]).toBeGreaterThan(0);
});

test("T2 T5 what a policy of one's own may answer wrongly keeps the chunk, or releases what is due", () => {
  const { heap } = heapAfterPeak();
  const odd: TrimPolicy = {
    name: "odd",
    decide: () => [
      { chunkIndex: 1, action: "free" as "keep", reason: "no such action" },
      { chunkIndex: 2, action: "wait", dueAt: Number.NaN, reason: "no such time" },
      { chunkIndex: 3, action: "wait", dueAt: -5, reason: "long due" },
    ],
  };
  const { plan, ...report } = new Trimmer(heap, odd).trim();
  expect(plan.actions.map(({ action }) => action)).toEqual(["blocked", "keep", "keep", "release"]);
  expect(report.releasedBytes + report.keptBytes + report.blockedBytes).toBe(plan.heldBytes);
});
