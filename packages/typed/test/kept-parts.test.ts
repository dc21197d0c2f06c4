/*
 * A part of a cursor that a program keeps, while the cursor goes on. Its arrays were once exchanged for those of the chunk that the
 * cursor went to, and its place was not: it showed other memory, without a word.
 */
import { Heap, array, f64, struct, tagged, u32 } from "@perfloc/typed";
import { expect, test } from "vitest";

const Inner = struct("Inner", { x: u32, deep: struct("Deep", { z: f64 }) });
const Outer = struct("Outer", {
  inner: Inner,
  words: array(u32, 4),
  inners: array(Inner, 2),
  either: tagged({ inner: Inner, word: u32 }),
});
type OuterCursor = ReturnType<typeof Outer.cursor>;

function allocOuter(context: Parameters<typeof Outer.alloc>[0], x: number): number {
  const inner = { x, deep: { z: x / 2 } };
  return Outer.alloc(context, {
    inner,
    words: [x, x, x, x],
    inners: [inner, inner],
    either: { kind: "inner", value: inner },
  });
}

/** Asks for the parts, and answers what looks at them from then on. */
function keepParts(cursor: OuterCursor): () => unknown {
  const { inner, words } = cursor;
  const { deep } = inner;
  const element = cursor.inners.at(1);
  const { value } = cursor.either;
  return () => [inner.x, deep.z, words.at(3), element.x, element.deep.z, value];
}

test.each(["off", "check", "debug"] as const)("V38 parts that are kept, level %s", (check) => {
  using heap = new Heap({ check, initialChunkBytes: 16_384, maxChunkBytes: 16_384 });
  const context = heap.open("outers");
  const addresses = Array.from({ length: 600 }, (_, x) => allocOuter(context, x + 1));
  expect(heap.arena.chunks.length).toBeGreaterThan(2);
  const cursor = Outer.cursor(heap);
  for (const [from, to] of [
    [0, 599],
    [599, 0],
    [0, 1],
    [1, 300],
  ] as const) {
    const look = keepParts(cursor.$to(addresses[from]!));
    const before = JSON.stringify(look());
    cursor.$to(addresses[to]!);
    expect(JSON.stringify(look())).toBe(before);
    const { inner } = cursor;
    expect(inner.x).toBe(to + 1);
    expect(cursor.inners.at(0).deep.z).toBe((to + 1) / 2);
    expect(cursor.inner).toBe(inner);
  }
});
