/** What is derived from the planes can be derived again at any moment: the same figures, the same objects; damage is found. */
import {
  Arena,
  CorruptionError,
  Heap,
  LimitExceededError,
  type MemoryContext,
} from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  SLOT_BYTES,
  allocMany,
  checkLevels,
  checkSound,
  checkThrows,
  fill,
  freeingKinds,
  isFilled,
  kinds,
  optionsOf,
} from "./support/fixtures.js";

const CORRUPT = "PERFLOC_CONTEXT_CORRUPT";

/** Words of a page record: see `page-table.ts` of the arena. */
const OWNER = 0;
const NEXT = 2;
const PREVIOUS = 3;

/** Expects a rebuild to change nothing that can be seen. */
function checkRebuilds(heap: Heap): void {
  const before = heap.stats();
  const drawn = heap.describe().split("\narena:")[0];
  heap.rebuild();
  expect(heap.stats()).toEqual(before);
  expect(heap.describe().split("\narena:")[0]).toBe(drawn);
  checkSound(heap);
}

describe.each(checkLevels)("rebuild, check level %s", (check) => {
  test("C82 of a heap that has nothing", () => {
    using heap = new Heap({ check });
    checkRebuilds(heap);
    const context = heap.open("empty");
    checkRebuilds(heap);
    context.drop();
    checkRebuilds(heap);
  });

  test.each(kinds)("C82 of a %s at every turn of its life", (kind) => {
    using heap = new Heap({ check });
    const context = heap.open("turning", optionsOf[kind]);
    const addresses = allocMany(context, 1000, SLOT_BYTES);
    for (const [seed, address] of addresses.entries()) fill(context, address, SLOT_BYTES, seed);
    checkRebuilds(heap);
    if (kind !== "slab") context.alloc(100_000);
    checkRebuilds(heap);
    const mark = context.checkpoint();
    allocMany(context, 300, SLOT_BYTES);
    if (kind !== "bump") for (const address of addresses.slice(500)) context.free(address);
    checkRebuilds(heap);
    context.rollback(mark);
    checkRebuilds(heap);
    for (const [seed, address] of addresses.entries())
      expect(isFilled(context, address, SLOT_BYTES, seed)).toBe(true);
    context.reset();
    checkRebuilds(heap);
    expect(context.alloc(SLOT_BYTES)).toBe(addresses[0]);
    context.drop();
    checkRebuilds(heap);
    expect(heap.stats().usedBytes).toBe(0);
  });

  test.each(freeingKinds)("C82 the free lists of a %s go on where they were", (kind) => {
    using heap = new Heap({ check });
    const context = heap.open("freeing", optionsOf[kind]);
    const addresses = allocMany(context, 200, SLOT_BYTES);
    for (const address of addresses) context.free(address);
    heap.rebuild();
    expect(allocMany(context, 200, SLOT_BYTES)).toEqual(addresses.toReversed());
    checkSound(heap);
  });

  test("C82 pages that were left in one piece become free", () => {
    using heap = new Heap({ check, initialChunkBytes: 65_536 });
    const kept = heap.open("kept");
    kept.alloc(8);
    const contexts = Array.from({ length: 8 }, () => heap.open("short"));
    for (const context of contexts) context.alloc(8);
    for (const context of contexts) context.drop();
    checkRebuilds(heap);
    expect(heap.arena.reserve(7 * 4096)).toBeLessThan(65_536);
    heap.verify();
  });

  test("C82 ids of contexts that are gone are given out again", () => {
    using heap = new Heap({ check });
    const contexts = Array.from({ length: 20 }, (_, seed) => heap.open(`context ${seed}`));
    for (const context of contexts) context.alloc(8);
    for (const context of contexts.filter((_, seed) => seed % 3 === 0)) context.drop();
    const free = heap.state.table.freeIds();
    heap.rebuild();
    expect(new Set(heap.state.table.freeIds())).toEqual(new Set(free));
    for (const [seed] of free.entries()) heap.open(`new ${seed}`).alloc(8);
    expect(heap.state.table.freeIds()).toEqual([]);
    expect(heap.state.table.contexts).toHaveLength(21);
    checkSound(heap);
  });

  test("C82 limits count again what is below them", () => {
    using heap = new Heap({ check });
    const outer = heap.open("outer");
    outer.setLimit(1_000_000);
    const inner = outer.open("inner");
    inner.setLimit(500_000);
    allocMany(inner, 1000, 100);
    allocMany(outer, 1000, 50);
    checkRebuilds(heap);
    const limits = [outer.limit!, inner.limit!];
    const counted = limits.map(({ usedBytes }) => usedBytes);
    for (const limit of limits) limit.usedBytes = 0;
    heap.rebuild();
    expect(limits.map(({ usedBytes }) => usedBytes)).toEqual(counted);
    checkSound(heap);
  });

  test("C82 of heaps that share an arena, by any of them", () => {
    using arena = new Arena();
    using one = new Heap({ check, arena });
    using other = new Heap({ check, arena });
    const [first, second] = [one.open("first"), other.open("second", { kind: "bump" })];
    const address = first.alloc(100);
    fill(first, address, 100, 7);
    allocMany(second, 500, 40);
    arena.reserve(10_000);
    for (const heap of [one, other]) {
      const before = [one.stats(), other.stats()];
      heap.rebuild();
      expect([one.stats(), other.stats()]).toEqual(before);
    }
    one.verify();
    other.verify();
    expect(isFilled(first, address, 100, 7)).toBe(true);
  });

  test("C82 of a context that found no memory for its first object", () => {
    using heap = new Heap({ check, maxBytes: 32_768 });
    const context = heap.open("refused");
    checkThrows(() => context.alloc(100_000), LimitExceededError, "PERFLOC_CONTEXT_ARENA_LIMIT");
    checkRebuilds(heap);
    context.alloc(100);
    checkRebuilds(heap);
  });

  test("C13 C82 at the end of the address space", () => {
    const gib = 2 ** 30;
    using arena = new Arena({ initialChunkBytes: gib, maxChunkBytes: gib });
    for (let slot = 0; slot < 3; slot++) arena.reserve(slot === 0 ? gib / 2 : gib);
    const last = arena.reserve(gib);
    arena.resize(last, gib - 4096);
    for (let left = gib / 4; left >= 4096; left /= 2) arena.reserve(left);
    using heap = new Heap({ check, arena });
    const context = heap.open("last");
    const addresses: number[] = [];
    for (let at = context.tryAlloc(16); at !== 0; at = context.tryAlloc(16)) addresses.push(at);
    expect(Math.max(...addresses)).toBe(2 ** 32 - 16);
    const before = heap.stats();
    heap.rebuild();
    expect(heap.stats()).toEqual(before);
    expect(context.cursor).toBe(2 ** 32);
    expect(context.tryAlloc(16)).toBe(0);
    heap.verify();
    context.free(2 ** 32 - 16);
    expect(context.alloc(16)).toBe(2 ** 32 - 16);
  });
});

/** A context with a big object before its first chunk, and three chunks; another one beside it. */
function family(): { heap: Heap; context: MemoryContext; other: MemoryContext } {
  const heap = new Heap();
  const context = heap.open("context");
  context.alloc(100_000);
  for (const byteLength of [3000, 5000, 10_000]) context.alloc(byteLength);
  const other = heap.open("other");
  other.alloc(8);
  heap.rebuild();
  return { heap, context, other };
}

type Family = ReturnType<typeof family>;

const fieldDamage: readonly [fact: string, damage: (family: Family) => void][] = [
  ["newest process chunk", ({ context }) => (context.newestChunk = context.keeper)],
  ["keeper", ({ context }) => (context.keeper = context.newestChunk)],
  ["keeper", ({ context }) => (context.keeper = 0)],
  ["used bytes", ({ context }) => (context.usedBytes += 4096)],
  ["end of the current process chunk", ({ context }) => (context.limitAddress -= 16)],
  ["cursor outside", ({ context }) => (context.cursor = context.limitAddress + 16)],
  ["cursor outside", ({ context }) => (context.cursor = context.currentChunk)],
  ["does not own", ({ context, other }) => (context.currentChunk = other.keeper)],
  ["but no current process chunk", ({ context }) => (context.currentChunk = 0)],
  [
    "owns process chunks, but is free",
    ({ heap, context }) => (heap.state.table.contexts[context.id] = undefined),
  ],
];

test.each(fieldDamage)("C57 C82 a rebuild finds a field that is wrong: %s", (fact, damage) => {
  const { heap, context, other } = family();
  damage({ heap, context, other });
  const error = checkThrows(() => heap.rebuild(), CorruptionError, CORRUPT);
  expect(error.message).toContain(fact);
});

const pageDamage: readonly [
  fact: string,
  word: number,
  value: (family: Family, before: number) => number,
][] = [
  ["does not know the one behind it", PREVIOUS, ({ other }) => other.keeper],
  ["does not know the one behind it", PREVIOUS, ({ context }) => context.newestChunk],
  ["outside its chain", PREVIOUS, () => 0],
  ["two process chunks that nothing follows", NEXT, () => 0],
  ["does not know the one behind it", NEXT, ({ other }) => other.keeper],
  [
    "another context in its chain",
    OWNER,
    ({ context, other }, word) => (word ^ context.id) | other.id,
  ],
  ["another context in its chain", OWNER, (_family, word) => word | 0xf_0000],
];

test.each(pageDamage)(
  "C57 C82 a rebuild finds a page record that is wrong: %s",
  (fact, word, value) => {
    const { heap, context, other } = family();
    const { pages } = heap.arena.planes;
    const at = (context.keeper >>> 12) * 8 + word;
    const before = pages[at]!;
    pages[at] = value({ heap, context, other }, before);
    const error = checkThrows(() => heap.rebuild(), CorruptionError, CORRUPT);
    expect(error.message).toContain(fact);
    pages[at] = before;
    heap.rebuild();
    checkSound(heap);
  },
);
