// C original: nothing was aligned; objects began 13 bytes behind a multiple of 16.
import { Arena } from "@perfloc/arena";
import { expect, test } from "vitest";

test("A2 A20 spans of any length begin at a page, and each element type at its own alignment", () => {
  using arena = new Arena();
  for (const byteLength of [1, 3, 13, 4095, 4097, 12_345, 70_001]) {
    const span = arena.reserve(byteLength);
    const chunk = arena.chunkAt(span);
    expect(span % 4096).toBe(0);
    expect((chunk.u8.byteOffset + span - chunk.base) % 8).toBe(0);
    chunk.f64[(span - chunk.base) / 8] = Math.PI;
    expect(chunk.f64[(span - chunk.base) / 8]).toBe(Math.PI);
  }
});
