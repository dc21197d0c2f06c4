/*
 * Plain objects on `sample` found no memory while freed ones waited in the quarantine, and `out-of-memory` was told of allocations
 * that then succeeded.
 */
import { Heap, UseAfterFreeError } from "@perfloc/context";
import { expect, test } from "vitest";
import { freeingKinds, optionsOf, poke } from "../support/fixtures.js";

const levels = [
  { check: "debug" },
  { check: "sample", sampleEvery: 1 },
  { check: "sample", sampleEvery: 2 },
] as const;
const cases = levels.flatMap((level) => freeingKinds.map((kind) => Object.assign({ kind }, level)));

test.each(cases)("C71 C76 a limit is not met by what was freed: %o", ({ kind, ...options }) => {
  using heap = new Heap(options);
  const context = heap.open("a", optionsOf[kind]);
  context.setLimit(16 * 1024);
  let told = 0;
  heap.on("out-of-memory", () => told++);
  for (let round = 0; round < 2000; round++) context.free(context.alloc(64));
  heap.verify();
  expect(told).toBe(0);
});

test.each(levels)("C71 nor is maxBytes, by big objects or a bump context: %o", (options) => {
  using heap = new Heap({
    ...options,
    maxBytes: 1024 * 1024,
    initialChunkBytes: 64 * 1024,
    quarantineBytes: 2 ** 30,
  });
  const context = heap.open("a");
  for (let round = 0; round < 100; round++) {
    context.free(context.alloc(200_000));
    using bump = heap.open("b", { kind: "bump" });
    bump.alloc(100_000);
    bump.alloc(3000);
  }
  heap.verify();
});

test("C64 C71 a write to what is evicted is reported by the allocation, which is not done", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  context.setLimit(4096);
  const freed = context.alloc(3000);
  context.free(freed);
  poke(heap, freed, 1);
  expect(() => context.alloc(3000)).toThrow(UseAfterFreeError);
  expect(context.alloc(3000)).toBe(freed);
  heap.verify();
});
