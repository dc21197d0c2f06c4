/*
 * Perfloc: a context whose big objects came before its first shared chunk was taken for one with a single chunk. A drop or reset left the
 * big ones reserved for good; and a reset took no new tag, so that a stale cell of a big object could be freed once more.
 */
import { Heap, InvalidAddressError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { checkEmpty, checkLevels, checkRefused, checkSound } from "../support/fixtures.js";

const INVALID = "PERFLOC_CONTEXT_INVALID_ADDRESS";

describe.each(checkLevels)("check level %s", (check) => {
  test.each(["allocset", "bump"] as const)("C32 a drop of a %s gives them back", (kind) => {
    using heap = new Heap({ check });
    for (const count of [1, 2, 3]) {
      const context = heap.open("big first", { kind });
      for (let object = 0; object < count; object++) context.alloc(40_000);
      context.alloc(8);
      context.drop();
      checkEmpty(heap);
    }
  });

  test.each(["allocset", "bump"] as const)("C29 a reset of a %s gives them back", (kind) => {
    using heap = new Heap({ check });
    const context = heap.open("big first", { kind });
    context.alloc(40_000);
    const first = context.alloc(8);
    context.reset();
    expect(context.stats()).toMatchObject({ usedBytes: 4096, processChunks: 1, liveBytes: 0 });
    expect(context.alloc(8)).toBe(first);
    checkSound(heap);
  });

  test("C18 C29 a reset ends them, also when nothing lies in the first chunk", () => {
    using heap = new Heap({ check });
    const context = heap.open("big last");
    context.alloc(8);
    context.reset();
    const big = context.alloc(60_000);
    context.reset();
    checkRefused(heap, () => context.free(big), InvalidAddressError, INVALID);
    // Process chunks of small objects now lie where the big one was.
    const addresses = Array.from({ length: 3000 }, () => context.alloc(24));
    expect(addresses.some((address) => address >>> 12 === big >>> 12)).toBe(true);
    checkSound(heap);
    for (const address of addresses) context.free(address);
    checkSound(heap);
  });
});
