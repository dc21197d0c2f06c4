import { Arena, InvalidOptionError } from "@perfloc/arena";
import { expect, test } from "vitest";

test("A34 watchHeld tells each chunk that is taken and given back, and their sum is held", () => {
  const arena = new Arena({ initialChunkBytes: 32_768 });
  const told: [number, number][] = [];
  let heldBytes = 0;
  const stop = arena.watchHeld((chunk, byteLength) => {
    told.push([chunk.index, byteLength]);
    heldBytes += byteLength;
  });
  const spans = [arena.reserve(4096), arena.reserve(40_000)];
  expect(told).toEqual([
    [0, 32_768],
    [1, 65_536],
  ]);
  for (const span of spans) arena.release(span);
  arena.releaseChunk(1);
  expect(told.at(-1)).toEqual([1, -65_536]);
  expect(heldBytes).toBe(arena.stats().heldBytes);
  arena.dispose();
  expect([told.length, heldBytes]).toEqual([4, 0]);
  stop();
});

test("A34 the function that it answers takes one registration away, in the middle of a call too", () => {
  using arena = new Arena();
  let calls = 0;
  const listener = (): void => void calls++;
  arena.watchHeld(listener);
  const stop = arena.watchHeld(() => {
    stop();
    listener();
  });
  arena.watchHeld(listener);
  arena.reserve(4096);
  expect(calls).toBe(3);
  arena.reserve(1_000_000);
  expect(calls).toBe(5);
  expect(() => arena.watchHeld(null as never)).toThrow(InvalidOptionError);
});
