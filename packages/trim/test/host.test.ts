/** Hosts that have less than Node, or tell more. */
import { Trimmer, immediate, keepAll } from "@perfloc/trim";
import { afterEach, expect, test, vi } from "vitest";
import { heapAfterPeak } from "./support/heaps.js";

afterEach(() => vi.unstubAllGlobals());

/** What a trim gives back where the host is `process`. */
function releasedWith(process: unknown): number {
  const { heap } = heapAfterPeak();
  const trimmer = new Trimmer(heap, keepAll(), { pressure: { belowBytes: 1000 } });
  vi.stubGlobal("process", process);
  try {
    return trimmer.trim().releasedBytes;
  } finally {
    vi.unstubAllGlobals();
  }
}

test("T29 whether memory is short is what the process says", () => {
  expect(releasedWith({ availableMemory: () => 999 })).toBe(114_688);
  expect(releasedWith({ availableMemory: () => 1000 })).toBe(0);
});

test("T29 where nobody says it, memory is not short", () => {
  expect(releasedWith({})).toBe(0);
  expect(releasedWith(undefined)).toBe(0);
});

test("T27 a host may number its timers", () => {
  const cleared: unknown[] = [];
  vi.stubGlobal("setTimeout", () => 7);
  vi.stubGlobal("clearTimeout", (timer: unknown) => cleared.push(timer));
  const { heap } = heapAfterPeak();
  const pace = { bytesPerSecond: 1 };
  const trimmer = new Trimmer(heap, immediate(), { clock: () => 0, pace }).start();
  expect(trimmer.isTimerPending).toBe(true);
  trimmer.stop();
  expect([trimmer.isTimerPending, cleared.at(-1)]).toEqual([false, 7]);
});
