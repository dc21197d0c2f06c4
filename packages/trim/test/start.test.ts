import { execFileSync } from "node:child_process";
import { Heap, Trimmer, defaultPolicy, immediate, keepAll } from "@perfloc/trim";
import { FailingSource } from "@perfloc-tooling/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeClock } from "./support/fake-clock.js";
import { heapAfterPeak, smallChunks } from "./support/heaps.js";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => vi.useRealTimers());

function burst(heap: Heap): void {
  const context = heap.open("burst");
  for (let count = 0; count < 1000; count++) context.alloc(1024);
  context.drop();
}

test("T27 a started trimmer gives back by itself, and leaves no timer when nothing is releasable", () => {
  const heap = new Heap();
  using trimmer = new Trimmer(heap).start();
  expect(trimmer.isTimerPending).toBe(false);
  expect(vi.getTimerCount()).toBe(0);

  burst(heap);
  expect(vi.getTimerCount()).toBe(1);
  const peak = heap.arena.stats().heldBytes;
  vi.advanceTimersByTime(1000);
  expect(heap.arena.stats().heldBytes).toBe(peak);
  vi.advanceTimersByTime(14_000);
  expect(heap.arena.stats().heldBytes).toBe(32_768);
  expect(vi.getTimerCount()).toBe(0);
  expect(trimmer.isTimerPending).toBe(false);
});

test("T27 again and again, one timer at a time", () => {
  const heap = new Heap();
  using trimmer = new Trimmer(heap, immediate()).start();
  trimmer.start();
  for (let round = 0; round < 5; round++) {
    burst(heap);
    burst(heap);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(200);
    expect(heap.arena.stats().heldBytes).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  }
});

test("T27 a policy that keeps leaves no timer either", () => {
  const { heap } = heapAfterPeak();
  using trimmer = new Trimmer(heap, keepAll()).start();
  burst(heap);
  vi.advanceTimersByTime(100);
  expect(trimmer.isTimerPending).toBe(false);
});

test("T27 stop ends it, start begins anew, and dispose lets go of the heap", () => {
  const { heap } = heapAfterPeak();
  const trimmer = new Trimmer(heap, defaultPolicy()).start();
  expect([trimmer.isStarted, trimmer.isTimerPending]).toEqual([true, true]);
  trimmer.stop();
  trimmer.stop();
  expect([trimmer.isStarted, trimmer.isTimerPending, vi.getTimerCount()]).toEqual([
    false,
    false,
    0,
  ]);
  burst(heap);
  vi.advanceTimersByTime(60_000);
  expect(heap.arena.stats().chunksReleased).toBe(0);
  trimmer.start();
  vi.advanceTimersByTime(15_000);
  expect(heap.arena.stats().chunksReleased).toBeGreaterThan(0);
  trimmer[Symbol.dispose]();
  burst(heap);
  expect(vi.getTimerCount()).toBe(0);
});

// A browser has a page of its own, which cannot be replaced.
const hasPage = "document" in globalThis;

test.skipIf(hasPage)("T29 a page that is hidden keeps nothing empty", () => {
  const listeners = new Set<() => void>();
  const document = {
    visibilityState: "visible",
    addEventListener: (_type: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_type: string, listener: () => void) => listeners.delete(listener),
  };
  vi.stubGlobal("document", document);
  const source = new FailingSource();
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  const trimmer = new Trimmer(heap, keepAll(), { whenHidden: true }).start();
  for (const listener of listeners) listener();
  expect(heap.arena.stats().heldBytes).toBe(122_880);
  document.visibilityState = "hidden";
  // A second time from within the trim, where it does nothing.
  const release = source.release.bind(source);
  source.release = (range) => {
    for (const listener of listeners) listener();
    release(range);
  };
  for (const listener of listeners) listener();
  expect(trimmer.stats().trims).toBe(2);
  expect(heap.arena.stats().heldBytes).toBe(8192);
  trimmer.stop();
  expect(listeners.size).toBe(0);
  vi.unstubAllGlobals();
});

test.skipIf(hasPage)("T27 T29 a page is listened to by who asked for it, once", () => {
  const listeners = new Set<unknown>();
  vi.stubGlobal("document", {
    visibilityState: "visible",
    addEventListener: (_type: string, listener: unknown) => listeners.add(listener),
    removeEventListener: (_type: string, listener: unknown) => listeners.delete(listener),
  });
  const { heap } = heapAfterPeak();
  const unasked = new Trimmer(heap, keepAll()).start();
  expect(listeners.size).toBe(0);
  unasked.stop();
  const asked = new Trimmer(heap, keepAll(), { whenHidden: true }).start().start();
  expect(listeners.size).toBe(1);
  asked.stop();
  expect(listeners.size).toBe(0);
  vi.unstubAllGlobals();
});

test.skipIf(hasPage)("T29 where there are no pages, whenHidden does nothing", () => {
  vi.stubGlobal("document", undefined);
  const { heap } = heapAfterPeak();
  const trimmer = new Trimmer(heap, keepAll(), { whenHidden: true }).start();
  expect(trimmer.isStarted).toBe(true);
  trimmer.stop();
  expect([trimmer.isStarted, heap.arena.stats().chunksReleased]).toEqual([false, 0]);
  vi.unstubAllGlobals();
});

test("T27 T31 what rings during a trim wakes a started trimmer after it", () => {
  const source = new FailingSource();
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  using trimmer = new Trimmer(heap, immediate()).start();
  burst(heap);
  const release = source.release.bind(source);
  source.release = (range) => {
    source.release = release;
    burst(heap);
    release(range);
  };
  trimmer.trim();
  expect([trimmer.isTimerPending, vi.getTimerCount()]).toEqual([true, 1]);
  vi.advanceTimersByTime(200);
  expect(heap.arena.stats().heldBytes).toBe(8192);
});

test("T27 a process with a started trimmer ends by itself, while something is still empty", () => {
  const program = `
    import { Heap, Trimmer } from "@perfloc/trim";
    const heap = new Heap();
    const trimmer = new Trimmer(heap).start();
    const burst = heap.open("burst");
    for (let count = 0; count < 1000; count++) burst.alloc(1024);
    burst.drop();
    console.log(trimmer.isTimerPending, heap.arena.stats().chunksReleased);
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
    encoding: "utf8",
    timeout: 8000,
  });
  expect(output).toBe("true 0\n");
});

test("T27 bursts that follow each other do not put off the look at the first", () => {
  const heap = new Heap();
  using trimmer = new Trimmer(heap, keepAll()).start();
  for (let count = 0; count < 10; count++) {
    burst(heap);
    vi.advanceTimersByTime(50);
  }
  expect(trimmer.stats().trims).toBeGreaterThan(4);
});

test("T27 a timer that is early by the clock does nothing, and another takes its place", () => {
  const { heap } = heapAfterPeak();
  const clock = new FakeClock();
  using trimmer = new Trimmer(heap, immediate(), {
    clock: clock.read,
    pace: { bytesPerSecond: 10_000 },
  }).start();
  expect([trimmer.stats().trims, trimmer.isTimerPending]).toEqual([1, true]);
  vi.advanceTimersByTime(60_000);
  expect([trimmer.stats().trims, vi.getTimerCount()]).toEqual([1, 1]);
  clock.pass(60_000);
  vi.advanceTimersByTime(60_000);
  expect(trimmer.stats().trims).toBeGreaterThan(1);
});

test("T26 T27 what has just changed is looked at also by a clock that stands still", () => {
  const { heap } = heapAfterPeak();
  using trimmer = new Trimmer(heap, immediate(), { clock: () => 1000 }).start();
  burst(heap);
  vi.advanceTimersByTime(100);
  expect(heap.arena.stats().heldBytes).toBe(8192);
  expect(trimmer.isTimerPending).toBe(false);
});

test("T27 T31 when there is more at once, what rings during a step does not put it off", () => {
  const source = new FailingSource();
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  const release = source.release.bind(source);
  source.release = (range) => {
    source.release = release;
    burst(heap);
    release(range);
  };
  using trimmer = new Trimmer(heap, immediate(), {
    clock: () => 1000,
    pace: { stepBytes: 1 },
  }).start();
  expect(trimmer.stats().trims).toBe(1);
  vi.advanceTimersByTime(50);
  expect(trimmer.stats().trims).toBeGreaterThan(1);
});
