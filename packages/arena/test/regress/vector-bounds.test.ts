// C original: the guard of vector_get joined its two tests with "and" instead of "or", so that no index was ever refused.
import { Arena, InvalidSizeError } from "@perfloc/arena";
import { expect, test } from "vitest";
import { checkRefusal } from "../arena-state.js";

test("A15 A25 an index before or behind the vector is refused", () => {
  using arena = new Arena();
  checkRefusal(arena, InvalidSizeError, () => arena.releaseChunk(0));
  arena.release(arena.reserve(1));
  checkRefusal(arena, InvalidSizeError, () => arena.releaseChunk(-1));
  checkRefusal(arena, InvalidSizeError, () => arena.releaseChunk(1));
  expect(arena.releaseChunk(0)).toBe(32_768);
});
