// C original: a tenth of each chunk was set aside for records and not counted when it was asked whether a request fits.
import { Arena } from "@perfloc/arena";
import { expect, test } from "vitest";

test("A7 A19 every page of a chunk but NULL can be a span, and be written to its last byte", () => {
  using arena = new Arena();
  const long = arena.reserve(64 * 1024);
  const chunk = arena.chunkAt(long);
  expect(chunk.byteLength).toBe(64 * 1024);
  expect(chunk.freeBytes).toBe(0);
  chunk.u8.fill(0xff);
  arena.verify();
  const pages = Array.from({ length: 7 }, () => arena.reserve(4096));
  expect(new Set(pages.map((page) => arena.chunkAt(page).base))).toEqual(new Set([0]));
  expect(arena.stats().freeBytes).toBe(0);
});
