import { Arena } from "@perfloc/arena";
import { inspect } from "node:util";
import { expect, test } from "vitest";

const PAGE = 4096;

test("A24 an arena that holds nothing", () => {
  using arena = new Arena();
  expect(arena.describe()).toMatchInlineSnapshot(
    `"arena: 0 B held in 0 top chunks, 0 B used in 0 spans, 0 B free"`,
  );
});

test("A24 a small chunk shows each of its pages", () => {
  using arena = new Arena();
  arena.reserve(PAGE);
  arena.reserve(4 * PAGE);
  expect(arena.describe()).toMatchInlineSnapshot(`
    "arena: 32.0 KiB held in 1 top chunk, 20.0 KiB used in 2 spans, 8.0 KiB free
    #0   0x00000000   32.0 KiB  63 % used |0[..[===|"
  `);
});

test("A24 chunks stand in address order, vacant ones too, long ones in 48 columns", () => {
  using arena = new Arena();
  arena.reserve(300 * 1024);
  const gone = arena.reserve(64 * 1024);
  const low = arena.reserve(3 * PAGE);
  arena.release(gone);
  arena.reserve(PAGE);
  const vacant = arena.reserve(2 ** 20);
  arena.release(vacant);
  arena.releaseChunk(arena.chunkAt(vacant).index);
  expect(low).toBeGreaterThan(0);
  expect(arena.describe()).toMatchInlineSnapshot(`
    "arena: 512.0 KiB held in 1 top chunk, 316.0 KiB used in 3 spans, 196.0 KiB free
    #0   0x00078000  512.0 KiB  62 % used |#############################+..................|
    #1   0x000f8000     vacant, released 1 time"
  `);
});

test("A24 a chunk beyond the cap", () => {
  using arena = new Arena({ initialChunkBytes: 16_384, maxChunkBytes: 16_384 });
  arena.reserve(10 * PAGE);
  expect(arena.describe()).toMatchInlineSnapshot(`
    "arena: 40.0 KiB held in 1 top chunk, 40.0 KiB used in 1 span, 0 B free
    #0   0x00004000   40.0 KiB 100 % used |[=========|"
  `);
});

test("A24 console.log and util.inspect print the drawing", () => {
  using arena = new Arena();
  arena.reserve(1);
  expect(inspect(arena)).toBe(arena.describe());
  expect(inspect({ arena })).toContain(arena.describe().split("\n")[0]);
  arena.dispose();
  expect(inspect(arena)).toBe(arena.describe());
});

test("A24 describe changes nothing", () => {
  using arena = new Arena();
  arena.reserve(1);
  const before = arena.stats();
  expect(arena.describe()).toBe(arena.describe());
  expect(arena.stats()).toEqual(before);
});
