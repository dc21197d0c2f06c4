/*
 * A source that reserved while it was asked for memory made two spans share an address; one that released or reserved while
 * the arena was disposed left counters below zero, or memory that stayed held for good.
 */
import { Arena, ArrayBufferSource, type BufferSource, UseAfterDropError } from "@perfloc/arena";
import { expect, test } from "vitest";

const PAGE = 4096;

/** An arena whose source first does what it is told. */
function arenaThat(
  does: Partial<Record<"acquire" | "release", (arena: Arena) => void>>,
  canRelease = true,
): Arena {
  const inner = new ArrayBufferSource();
  const once = { ...does };
  const source: BufferSource = {
    capabilities: { ...inner.capabilities, canRelease },
    acquire(byteLength) {
      const act = once.acquire;
      delete once.acquire;
      act?.(arena);
      return inner.acquire(byteLength);
    },
    release(range) {
      const act = once.release;
      delete once.release;
      act?.(arena);
      inner.release(range);
    },
  };
  const arena = new Arena({ source });
  return arena;
}

test("A2 A23 a source that reserves while it is asked for memory gets a span of its own", () => {
  const spans: number[] = [];
  const arena = arenaThat({ acquire: (self) => spans.push(self.reserve(PAGE)) });
  spans.push(arena.reserve(PAGE));
  expect(new Set(spans).size).toBe(2);
  expect(arena.stats()).toMatchObject({ usedBytes: 2 * PAGE, spanCount: 2 });
  arena.verify();
});

test.each([true, false])(
  "A2 A23 also when the source takes all there is meanwhile, and can take memory back: %s",
  (canRelease) => {
    const spans: number[] = [];
    const takesAll = (self: Arena): void => {
      for (let span = 0; span < 7; span++) spans.push(self.reserve(PAGE));
    };
    const arena = arenaThat({ acquire: takesAll }, canRelease);
    spans.push(arena.reserve(PAGE));
    expect(arena.chunks.length).toBe(2);
    expect(new Set(spans.map((span) => arena.chunkAt(span).index))).toEqual(new Set([0, 1]));
    expect(new Set(spans).size).toBe(8);
    expect(arena.stats()).toMatchObject({ usedBytes: 8 * PAGE, spanCount: 8 });
    arena.verify();
  },
);

test("A11 A23 the limit holds when the source reserves meanwhile", () => {
  const arena = arenaThat({ acquire: (self) => self.reserve(PAGE) });
  arena.setLimit(32 * 1024);
  arena.reserve(PAGE);
  expect(arena.stats().heldBytes).toBe(32 * 1024);
  arena.verify();
});

test("A23 A27 a source that releases a span while the arena is disposed", () => {
  let span = 0;
  const arena = arenaThat({ release: (self) => self.release(span) });
  span = arena.reserve(PAGE);
  arena.reserve(PAGE);
  arena.dispose();
  expect(arena.stats()).toMatchObject({ usedBytes: 0, spanCount: 0, heldBytes: 0 });
  arena.verify();
});

test("A27 a source that wants a chunk while the arena is disposed gets none", () => {
  let refusal: unknown;
  const arena = arenaThat({
    release(self) {
      try {
        self.reserve(64 * PAGE);
      } catch (error) {
        refusal = error;
      }
    },
  });
  arena.reserve(PAGE);
  arena.dispose();
  expect(refusal).toBeInstanceOf(UseAfterDropError);
  expect(arena.stats()).toMatchObject({ usedBytes: 0, heldBytes: 0 });
  arena.verify();
});
