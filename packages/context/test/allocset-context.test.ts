import { Heap } from "@perfloc/context";
import { randomFrom } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import {
  LARGEST_SMALL_BYTES,
  allocMany,
  checkLevels,
  checkSound,
  fill,
  isFilled,
  pageOf,
} from "./support/fixtures.js";

describe.each(checkLevels)("an allocset, check level %s", (check) => {
  test("C5 live objects neither overlap nor lie at NULL, whatever their lengths", () => {
    using heap = new Heap({ check });
    const contexts = [heap.open("a"), heap.open("b")] as const;
    const random = randomFrom(5);
    const live: { address: number; byteLength: number; seed: number; owner: number }[] = [];
    for (let step = 0; step < 4000; step++) {
      const owner = step % 2;
      const isBig = random() < 0.01;
      const byteLength = Math.floor(random() ** 4 * (isBig ? 100_000 : 2000));
      const address = contexts[owner as 0 | 1].alloc(byteLength);
      expect(address % 8).toBe(0);
      fill(contexts[owner as 0 | 1], address, byteLength, step);
      live.push({ address, byteLength, seed: step, owner });
      if (random() < 0.4) {
        const [freed] = live.splice(Math.floor(random() * live.length), 1);
        if (freed !== undefined) contexts[freed.owner as 0 | 1].free(freed.address);
      }
    }
    checkSound(heap);
    for (const { address, byteLength, seed, owner } of live) {
      expect(isFilled(contexts[owner as 0 | 1], address, byteLength, seed)).toBe(true);
    }
    const ordered = live.toSorted((left, right) => left.address - right.address);
    for (const [position, { address, byteLength }] of ordered.entries()) {
      expect(address).toBeGreaterThan(0);
      expect(address + Math.max(byteLength, 1)).toBeLessThanOrEqual(
        ordered[position + 1]?.address ?? Infinity,
      );
    }
  });

  test.each([0, 1, 8, 100, 129, 4000, 20_481, LARGEST_SMALL_BYTES])(
    "C14 a freed object of %i bytes serves the next of its class",
    (byteLength) => {
      using heap = new Heap({ check });
      const context = heap.open("reuse");
      const first = context.alloc(byteLength);
      context.alloc(byteLength);
      context.free(first);
      expect(context.alloc(byteLength)).toBe(first);
      checkSound(heap);
    },
  );

  test("C14 frees spread over many process chunks are all used again", () => {
    using heap = new Heap({ check });
    const context = heap.open("spread");
    const addresses = allocMany(context, 20_000, 40);
    const before = context.stats().usedBytes;
    for (const address of addresses.toReversed()) context.free(address);
    expect(context.stats().liveObjects).toBe(0);
    const again = allocMany(context, 20_000, 40);
    expect(new Set(again)).toEqual(new Set(addresses));
    expect(context.stats().usedBytes).toBe(before);
    checkSound(heap);
  });

  test("C14 churn with larger alignments does not grow", () => {
    using heap = new Heap({ check });
    const context = heap.open("aligned");
    const live: number[] = [];
    function churn(rounds: number): number {
      for (let round = 0; round < rounds; round++) {
        live.push(context.alloc(64, 64), context.alloc(64));
        for (const address of live.splice(0, live.length - 100)) context.free(address);
      }
      return context.stats().usedBytes;
    }
    const warm = churn(100_000);
    expect(churn(400_000)).toBe(warm);
    checkSound(heap);
  });

  test("C15 a freed big object goes back to the arena at once", () => {
    using heap = new Heap({ check });
    const context = heap.open("big");
    context.alloc(8);
    const before = heap.arena.stats();
    const big = context.alloc(LARGEST_SMALL_BYTES + 1);
    expect(heap.arena.stats().spanCount).toBe(before.spanCount + 1);
    context.free(big);
    expect(heap.arena.stats().usedBytes).toBe(before.usedBytes);
    expect(heap.arena.stats().spanCount).toBe(before.spanCount);
    checkSound(heap);
  });

  test("C15 big objects can be freed in any order out of the middle of the chain", () => {
    using heap = new Heap({ check });
    const context = heap.open("big");
    const random = randomFrom(15);
    const addresses = Array.from({ length: 40 }, (_, position) => {
      context.alloc(2000);
      return context.alloc(40_000 + 1000 * position);
    }).toSorted(() => random() - 0.5);
    for (const address of addresses) {
      context.free(address);
      heap.verify();
    }
    expect(context.stats().liveObjects).toBe(40);
    checkSound(heap);
  });

  test("C27 the rest of a chunk that was left serves later small objects", () => {
    using heap = new Heap({ check });
    const context = heap.open("rest");
    const first = context.alloc(3000);
    context.alloc(3000);
    expect(context.stats().processChunks).toBe(2);
    // 1,008 bytes were left: the longest class that fits, and what remains of it.
    for (const byteLength of [896, 112]) {
      expect(pageOf(context.alloc(byteLength))).toBe(pageOf(first));
    }
    expect(pageOf(context.alloc(8))).not.toBe(pageOf(first));
    checkSound(heap);
  });
});
