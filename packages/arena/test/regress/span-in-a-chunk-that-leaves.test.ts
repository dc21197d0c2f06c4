import { Arena, PAGE_BYTES } from "@perfloc/arena";
import { FailingSource } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

/** Reserves a span, and releases the same chunk once more, while it takes a range back. */
class BusySource extends FailingSource {
  arena: Arena | undefined;
  span = 0;
  nested = -1;

  override release(range: { readonly buffer: ArrayBufferLike }): void {
    const { arena } = this;
    this.arena = undefined;
    if (arena !== undefined) {
      this.span = arena.reserve(PAGE_BYTES);
      this.nested = arena.releaseChunk(0);
    }
    super.release(range);
  }
}

test("A14 a span that is reserved while a chunk is released does not lie in that chunk", () => {
  const source = new BusySource();
  const arena = new Arena({ source });
  arena.release(arena.reserve(PAGE_BYTES));
  source.arena = arena;
  expect(arena.releaseChunk(0)).toBe(32_768);
  expect(source.nested).toBe(0);
  const chunk = arena.chunkAt(source.span);
  expect(chunk.index).toBe(1);
  chunk.u8[source.span - chunk.base] = 7;
  arena.verify();
  expect(arena.stats()).toMatchObject({ usedBytes: PAGE_BYTES, chunksReleased: 1 });
  arena.dispose();
  expect(source.live.size).toBe(0);
});

test("A22 A27 an arena that is disposed while a chunk is released gives each chunk back once", () => {
  const source = new BusySource();
  const arena = new Arena({ source });
  arena.release(arena.reserve(PAGE_BYTES));
  arena.reserve(100_000);
  const release = source.release.bind(source);
  source.release = (range) => {
    source.release = release;
    arena.dispose();
    release(range);
  };
  expect(arena.releaseChunk(0)).toBe(32_768);
  expect(arena.stats()).toMatchObject({ heldBytes: 0, heldChunks: 0, usedBytes: 0 });
  expect(arena.stats().chunksReleased).toBe(arena.stats().chunksReserved);
  expect(source.live.size).toBe(0);
});
