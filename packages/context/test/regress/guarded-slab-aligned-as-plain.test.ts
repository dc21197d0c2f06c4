/*
 * On `debug` the slots of a slab are longer by a canary, and took alignments that its plain slots do not have.
 */
import { Heap, InvalidAlignmentError, InvalidSizeError, WrongKindError } from "@perfloc/context";
import { expect, test } from "vitest";

test.each(["check", "debug", "sample"] as const)("C7 C58 a slab of 24 bytes, level %s", (check) => {
  using heap = new Heap({ check, ...(check === "sample" && { sampleEvery: 1 }) });
  const slab = heap.open("s", { kind: "slab", slotBytes: 24 });
  expect(() => slab.alloc(24, 32)).toThrow(InvalidAlignmentError);
  expect(slab.alloc(24, 16) % 16).toBe(0);
  expect(() => slab.alloc(100, 3)).toThrow(InvalidAlignmentError);
  expect(() => slab.alloc(Number.NaN, 3)).toThrow(InvalidSizeError);
  expect(() => slab.alloc(33)).toThrow(WrongKindError);
  expect(slab.sizeOf(slab.alloc(24, 8))).toBe(check === "check" ? 32 : 24);
});
