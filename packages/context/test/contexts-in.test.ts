import { Arena, Heap, InvalidOptionError, type TopChunk } from "@perfloc/context";
import { expect, test } from "vitest";

function namesIn(heap: Heap, index: number): string[] {
  return heap.contextsIn(heap.arena.chunks[index]!).map(({ name }) => name);
}

test("C61 names each context once, in the order of addresses, and none that has gone", () => {
  using heap = new Heap({ initialChunkBytes: 32_768 });
  const [first, second] = [heap.open("first"), heap.open("second")];
  first.alloc(8);
  second.alloc(8);
  first.alloc(20_000);
  second.alloc(100_000);
  expect(namesIn(heap, 0)).toEqual(["first", "second"]);
  expect(heap.arena.chunks.flatMap((_, index) => namesIn(heap, index))).toEqual([
    "first",
    "second",
    "first",
    "second",
  ]);
  first.drop();
  expect(heap.arena.chunks.flatMap((_, index) => namesIn(heap, index))).toEqual([
    "second",
    "second",
  ]);
});

test("C61 on a shared arena, only its own", () => {
  using arena = new Arena();
  using left = new Heap({ arena });
  using right = new Heap({ arena });
  left.open("left").alloc(8);
  right.open("right").alloc(8);
  arena.reserve(4096);
  expect([namesIn(left, 0), namesIn(right, 0)]).toEqual([["left"], ["right"]]);
});

test("C61 nobody in a chunk that is empty or was released", () => {
  using heap = new Heap();
  const context = heap.open("gone");
  context.alloc(8);
  context.drop();
  expect(namesIn(heap, 0)).toEqual([]);
  heap.arena.releaseChunk(0);
  expect(namesIn(heap, 0)).toEqual([]);
});

test("C56 C61 refuses what is no top chunk of the heap's arena", () => {
  using heap = new Heap();
  using other = new Heap();
  other.open("other").alloc(8);
  for (const bad of [undefined, null, 0, {}, other.arena.chunks[0]]) {
    expect(() => heap.contextsIn(bad as TopChunk)).toThrow(InvalidOptionError);
  }
});
