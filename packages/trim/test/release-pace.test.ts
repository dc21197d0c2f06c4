/** When the next chunk may go, to the byte: by the second and by the step. */
import { type TrimPace, Trimmer, immediate } from "@perfloc/trim";
import { expect, test } from "vitest";
import { FakeClock } from "./support/fake-clock.js";
import { heapAfterPeak } from "./support/heaps.js";
import { says } from "./support/says.js";

/** Empty chunks of 64, 32 and 16 KiB, the largest first. */
function paced(pace: TrimPace): { trimmer: Trimmer; clock: FakeClock; heldBytes: () => number } {
  const { heap } = heapAfterPeak();
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, immediate(), { clock: clock.read, pace });
  return { trimmer, clock, heldBytes: () => heap.arena.stats().heldBytes };
}

/** Bytes that each tick gives back until nothing waits. */
function stepsOf(pace: TrimPace): number[] {
  const { trimmer, clock, heldBytes } = paced(pace);
  const lengths: number[] = [];
  for (let dueAt = clock.now; dueAt !== Infinity;) {
    clock.now = dueAt;
    const before = heldBytes();
    dueAt = trimmer.tick();
    lengths.push(before - heldBytes());
  }
  return lengths;
}

test("T28 a second's worth goes at once, and one chunk beyond it", () => {
  expect(paced({ bytesPerSecond: 100_000 }).trimmer.plan().releasedBytes).toBe(114_688);
  expect(paced({ bytesPerSecond: 70_000 }).trimmer.plan().releasedBytes).toBe(98_304);
  expect(paced({ bytesPerSecond: 1 }).trimmer.plan().releasedBytes).toBe(65_536);
});

test("T28 more than a second's worth is never saved up", () => {
  const { trimmer, clock } = paced({ bytesPerSecond: 40_000 });
  trimmer.trim();
  clock.pass(86_400_000);
  // 32 KiB leave some of a second's worth, so that 16 KiB go, too.
  expect(trimmer.trim().releasedBytes).toBe(49_152);
  const { heap } = trimmer;
  const burst = heap.open("burst", { kind: "bump", maxChunkBytes: 8192 });
  for (let count = 0; count < 90; count++) burst.alloc(1024);
  burst.drop();
  clock.pass(86_400_000);
  // A day's worth would be enough for all of it.
  expect(trimmer.trim()).toMatchObject({ releasedBytes: 65_536, scheduledBytes: 49_152 });
});

test("T28 what exactly used up a second's worth is followed when a byte more has come", () => {
  const { trimmer, clock } = paced({ bytesPerSecond: 65_536 });
  const dueAts = trimmer.plan().actions.map(({ dueAt }) => dueAt - clock.now);
  expect(dueAts[3]).toBe(0);
  expect(dueAts[2]).toBeCloseTo(1 / 65.536, 9);
  expect(dueAts[1]).toBeCloseTo(32_769 / 65.536, 9);
});

test("T28 a debt is paid by the rate, and not before", () => {
  const { trimmer, clock, heldBytes } = paced({ bytesPerSecond: 32_768 });
  const start = clock.now;
  // 64 KiB are a second's worth and as much debt; 32 KiB another second's.
  clock.now = trimmer.tick();
  expect(clock.now - start).toBeCloseTo(32_769 / 32.768, 6);
  const dueAt = trimmer.tick();
  expect(dueAt - start).toBeCloseTo(65_537 / 32.768, 6);
  clock.now = dueAt - 1;
  trimmer.tick();
  expect(heldBytes()).toBe(8192 + 16_384);
  clock.now = dueAt;
  expect(trimmer.tick()).toBe(Infinity);
  expect(heldBytes()).toBe(8192);
});

test("T26 a step is filled to the byte", () => {
  expect(stepsOf({ stepBytes: 98_304 })).toEqual([98_304, 16_384]);
  expect(stepsOf({ stepBytes: 98_303 })).toEqual([65_536, 49_152]);
});

test("T26 a smaller chunk does not overtake one that the step leaves no room for", () => {
  expect(stepsOf({ stepBytes: 65_536 + 16_384 })).toEqual([65_536, 49_152]);
});

test("T26 T28 what only the step holds back is due at once, also with a pace", () => {
  const { trimmer, clock } = paced({ bytesPerSecond: 1e6, stepBytes: 1 });
  expect(trimmer.tick()).toBe(clock.now);
});

test("T28 what is kept, or goes later, takes nothing of the pace", () => {
  const { heap } = heapAfterPeak();
  const policy = says(
    { chunkIndex: 1, action: "release", reason: "goes" },
    { chunkIndex: 2, action: "wait", dueAt: 5000, reason: "waits" },
    { chunkIndex: 3, action: "keep", reason: "stays" },
  );
  const pace = { bytesPerSecond: 10_000 };
  const plan = new Trimmer(heap, policy, { clock: () => 1000, pace }).plan();
  expect(plan.actions.slice(1)).toMatchObject([
    { action: "release", dueAt: 1000 },
    { action: "scheduled", dueAt: 5000, reason: "waits" },
    { action: "keep", dueAt: Infinity, reason: "stays" },
  ]);
});
