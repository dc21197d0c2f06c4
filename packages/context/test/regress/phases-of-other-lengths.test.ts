/*
 * Perfloc: memory stayed with its size class until a reset. A program whose phases each free all of their objects before the next begins, with
 * objects a little longer, held the peak once for each class: 34 times what was ever live.
 */
import { Heap, type MemoryContext } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { checkLevels, checkSound } from "../support/fixtures.js";

const LIVE_BYTES = 1_000_000;
const LARGEST_BYTES = 32_768;

/** Allocates and frees objects of one length after the other; returns the most bytes that the context held. */
function runPhases(context: MemoryContext, lengths: readonly number[], live = LIVE_BYTES): number {
  let peak = 0;
  for (const byteLength of lengths) {
    const addresses: number[] = [];
    for (let bytes = 0; bytes < live; bytes += byteLength)
      addresses.push(context.alloc(byteLength));
    peak = Math.max(peak, context.stats().usedBytes);
    for (const address of addresses) context.free(address);
  }
  return peak;
}

function growing(): number[] {
  const lengths: number[] = [];
  for (let bytes = 16; bytes <= LARGEST_BYTES; bytes = Math.ceil(bytes * 1.25)) lengths.push(bytes);
  return lengths;
}

describe.each(checkLevels)("check level %s", (check) => {
  test.each([
    ["grow", growing()],
    ["shrink", growing().toReversed()],
    ["change to and fro", growing().flatMap((bytes) => [bytes, 5000])],
  ])("C14 C79 phases of objects that %s hold a few times what is live", (_how, lengths) => {
    using heap = new Heap({ check });
    const context = heap.open("long-lived");
    expect(runPhases(context, lengths)).toBeLessThan(4 * LIVE_BYTES);
    checkSound(heap);
    expect(context.stats().liveBytes).toBe(0);
  });

  test("C79 phases under a limit find room as long as what is live fits", () => {
    using heap = new Heap({ check });
    const context = heap.open("limited");
    // Objects of 20 bytes take 32.
    context.setLimit(2.5 * LIVE_BYTES);
    runPhases(context, growing());
    checkSound(heap);
  });

  test("C79 and under maxBytes", () => {
    using heap = new Heap({ check, maxBytes: 3 * LIVE_BYTES });
    const context = heap.open("limited");
    runPhases(context, growing());
    checkSound(heap);
  });

  test("C79 objects that stay keep their chunks, and nothing else", () => {
    using heap = new Heap({ check });
    const context = heap.open("long-lived");
    const kept: number[] = [];
    for (const byteLength of growing()) {
      kept.push(context.alloc(byteLength));
      runPhases(context, [byteLength], 200_000);
    }
    for (const [at, address] of kept.entries())
      expect(context.sizeOf(address)).toBeGreaterThanOrEqual(growing()[at]!);
    expect(context.stats().liveObjects).toBe(kept.length);
    checkSound(heap);
  });
});
