/*
 * Perfloc: a source that answered a buffer too short for what was asked was believed; views failed later, with the span lost.
 */
import { Arena, OutOfMemoryError } from "@perfloc/arena";
import { expect, test } from "vitest";

test.each([
  { buffer: new ArrayBuffer(4096), byteOffset: 0 },
  { buffer: new ArrayBuffer(65_536), byteOffset: 4 },
])("A12 a source that answers a range that is too short or misaligned is refused", (range) => {
  using arena = new Arena({
    source: {
      capabilities: { name: "short", canRelease: true, isShared: false, maxByteLength: 2 ** 30 },
      acquire: () => range,
      release: () => {},
    },
  });
  expect(() => arena.reserve(1)).toThrow(OutOfMemoryError);
  expect(arena.stats()).toMatchObject({ heldBytes: 0, usedBytes: 0, spanCount: 0 });
  arena.verify();
});
