import { Heap, WrongKindError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { allocMany, checkLevels, checkRefused, checkSound } from "./support/fixtures.js";

describe.each(checkLevels)("a bump context, check level %s", (check) => {
  test("C5 cuts objects one behind the other, rounded up to 16", () => {
    using heap = new Heap({ check });
    const context = heap.open("bump", { kind: "bump" });
    const addresses = [1, 16, 17, 32, 33].map((byteLength) => context.alloc(byteLength));
    const first = addresses[0] ?? 0;
    expect(addresses.map((address) => address - first)).toEqual([0, 16, 32, 64, 96]);
    expect(first % 4096).toBe(16);
    expect(context.stats().liveBytes).toBe(144);
    checkSound(heap);
  });

  test("C16 refuses to free, reallocate and size one object", () => {
    using heap = new Heap({ check });
    const context = heap.open("bump", { kind: "bump" });
    const address = context.alloc(8);
    const calls = {
      "free one object": () => {
        context.free(address);
      },
      "reallocate an object": () => context.realloc(address, 16),
      "tell the size of an object": () => context.sizeOf(address),
    };
    for (const [operation, call] of Object.entries(calls)) {
      const error = checkRefused(heap, call, WrongKindError, "PERFLOC_CONTEXT_WRONG_KIND");
      expect([error.context, error.kind, error.operation]).toEqual(["bump", "bump", operation]);
      expect(error.hint).toContain("allocset");
    }
  });

  test("C51 does not know its objects, but what they take", () => {
    using heap = new Heap({ check });
    const context = heap.open("bump", { kind: "bump" });
    allocMany(context, 1000, 12);
    const stats = context.stats();
    expect(stats.liveObjects).toBeUndefined();
    expect(stats.liveBytes).toBe(16_000);
    expect(stats.freeObjects).toBe(0);
    checkSound(heap);
  });

  test("C29 reset starts again at the first object", () => {
    using heap = new Heap({ check });
    const context = heap.open("bump", { kind: "bump" });
    const [first] = allocMany(context, 5000, 24);
    context.reset();
    expect(context.alloc(24)).toBe(first);
    expect(context.stats().liveBytes).toBe(32);
    checkSound(heap);
  });
});
