import {
  type CheckLevel,
  type ContextKind,
  CorruptionError,
  Heap,
  type MemoryContext,
  PerflocError,
  UseAfterDropError,
} from "@perfloc/context";
import { randomFrom } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import {
  SLOT_BYTES,
  checkLevels,
  fill,
  freeingKinds,
  guardedLevels,
  isFilled,
  optionsOf,
} from "./support/fixtures.js";

const levels: readonly CheckLevel[] = [...checkLevels, ...guardedLevels];

/** A heap whose freed objects wait for nothing: what is freed is free. */
function heapOf(check: CheckLevel): Heap {
  if (check === "debug") return new Heap({ check, quarantineBytes: 0 });
  if (check === "sample") return new Heap({ check, quarantineBytes: 0, sampleEvery: 2 });
  return new Heap({ check });
}

function allocMany(context: MemoryContext, count: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const address = context.alloc(SLOT_BYTES);
    fill(context, address, SLOT_BYTES, at);
    return address;
  });
}

function freeAll(context: MemoryContext, addresses: readonly number[]): void {
  for (const address of addresses) context.free(address);
}

/** Reclaims, and checks that context and arena lost exactly what was returned. */
function checkedReclaim(context: MemoryContext): number {
  const { arena } = context;
  const before = [context.stats().subtreeUsedBytes, arena.stats().usedBytes];
  const byteLength = context.reclaim();
  expect([context.stats().subtreeUsedBytes, arena.stats().usedBytes]).toEqual(
    before.map((bytes) => bytes - byteLength),
  );
  return byteLength;
}

describe.each(levels)("check %s", (check) => {
  test.each(freeingKinds)("C79 chunks of freed objects leave a %s, and live ones stay", (kind) => {
    using heap = heapOf(check);
    const context = heap.open("a", optionsOf[kind]);
    const early = allocMany(context, 4);
    const addresses = allocMany(context, 10_000);
    expect(checkedReclaim(context)).toBe(0);
    freeAll(context, addresses);
    expect(checkedReclaim(context)).toBeGreaterThan(SLOT_BYTES * 4000);
    heap.verify();
    for (const [at, address] of early.entries())
      expect(isFilled(context, address, SLOT_BYTES, at)).toBe(true);
    expect(checkedReclaim(context)).toBe(0);
    for (const [at, address] of allocMany(context, 5000).entries())
      expect(isFilled(context, address, SLOT_BYTES, at)).toBe(true);
    heap.verify();
  });

  test.each(freeingKinds)("C79 a chunk with one live object stays in a %s", (kind) => {
    using heap = heapOf(check);
    const context = heap.open("a", optionsOf[kind]);
    const addresses = allocMany(context, 10_000);
    const kept = addresses.filter((_, at) => at % 20 === 0);
    freeAll(
      context,
      addresses.filter((_, at) => at % 20 > 0),
    );
    expect(checkedReclaim(context)).toBe(0);
    for (const [at, address] of kept.entries())
      expect(isFilled(context, address, SLOT_BYTES, at * 20)).toBe(true);
    heap.verify();
  });

  test.each(freeingKinds)("C79 random programs on a %s see nothing of it", (kind) => {
    checkRandomProgram(check, kind, 7);
  });
});

function checkRandomProgram(check: CheckLevel, kind: ContextKind, seed: number): void {
  const random = randomFrom(seed);
  using heap = heapOf(check);
  const context = heap.open("a", optionsOf[kind]);
  const live: { address: number; byteLength: number; seed: number }[] = [];
  let reclaimedBytes = 0;
  for (let step = 0; step < 20_000; step++) {
    const isGrowing = Math.floor(step / 2000) % 2 === 0;
    if (random() < (isGrowing ? 0.7 : 0.2)) {
      const byteLength = 1 + Math.floor(random() * (kind === "slab" ? SLOT_BYTES : 600));
      const address = context.alloc(byteLength);
      fill(context, address, byteLength, step);
      live.push({ address, byteLength, seed: step });
    } else if (live.length > 0) {
      const at = Math.floor(random() * live.length);
      const gone = live[at]!;
      live[at] = live.at(-1)!;
      live.pop();
      expect(isFilled(context, gone.address, gone.byteLength, gone.seed)).toBe(true);
      context.free(gone.address);
    }
    if (step % 500 !== 0) continue;
    reclaimedBytes += checkedReclaim(context);
    heap.verify();
  }
  for (const object of live)
    expect(isFilled(context, object.address, object.byteLength, object.seed)).toBe(true);
  expect(reclaimedBytes, `seed ${seed}`).toBeGreaterThan(0);
}

test("C79 it reaches what is below a context, and the heap's everything", () => {
  using heap = new Heap();
  const parent = heap.open("parent");
  const child = parent.open("child");
  const alone = heap.open("alone");
  for (const context of [parent, child, alone, heap.open("other")])
    freeAll(context, allocMany(context, 2000));
  const byteLength = checkedReclaim(alone);
  expect(byteLength).toBeGreaterThan(0);
  expect(checkedReclaim(parent)).toBe(byteLength * 2);
  expect(heap.reclaim()).toBe(byteLength);
  expect(heap.reclaim()).toBe(0);
  heap.verify();
});

test("C79 a bump context gives nothing back, a context without memory has nothing", () => {
  using heap = new Heap();
  const bump = heap.open("bump", { kind: "bump" });
  allocMany(bump, 1000);
  heap.open("empty");
  expect(heap.reclaim()).toBe(0);
});

test("C79 a context with a mark keeps its chunks until the commit", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const addresses = allocMany(context, 10_000);
  const mark = context.checkpoint();
  freeAll(context, addresses);
  expect(context.reclaim()).toBe(0);
  context.commit(mark);
  expect(checkedReclaim(context)).toBeGreaterThan(0);
  heap.verify();
});

test("C79 objects in quarantine keep their chunks", () => {
  using heap = new Heap({ check: "debug", quarantineBytes: 2 ** 30 });
  const context = heap.open("a");
  freeAll(context, allocMany(context, 5000));
  expect(context.reclaim()).toBe(0);
  heap.verify();
});

test("C79 a top chunk that ran empty can be released, and its objects are refused", () => {
  using heap = new Heap({ initialChunkBytes: 65_536, maxChunkBytes: 65_536 });
  const context = heap.open("a", { maxChunkBytes: 32_768 });
  const addresses = allocMany(context, 10_000);
  freeAll(context, addresses);
  const before = heap.arena.stats().heldBytes;
  heap.reclaim();
  for (const { index, usedBytes } of heap.arena.chunks)
    if (usedBytes === 0) heap.arena.releaseChunk(index);
  expect(heap.arena.stats().heldBytes).toBeLessThan(before / 2);
  for (const address of addresses) expect(() => context.free(address)).toThrow(PerflocError);
  heap.verify();
});

test("C79 C50 what went back counts for no limit any more", () => {
  using heap = new Heap();
  const context = heap.open("a");
  context.setLimit(2 ** 20);
  freeAll(context, allocMany(context, 8000));
  context.reclaim();
  expect(context.open("child").tryAlloc(2 ** 19)).not.toBe(0);
});

test("C79 a dropped context is refused, a disposed heap has nothing", () => {
  const heap = new Heap();
  const context = heap.open("a");
  context.drop();
  expect(() => context.reclaim()).toThrow(UseAfterDropError);
  heap.dispose();
  expect(heap.reclaim()).toBe(0);
});

test("C79 a damaged list of freed objects is found before anything changes", () => {
  const heap = new Heap();
  const context = heap.open("a");
  const addresses = allocMany(context, 2000);
  freeAll(context, addresses);
  // The cell of a freed slot, in the middle of its list.
  heap.arena.planes.cells[addresses[1000]! >>> 4] = 0;
  const { usedBytes } = heap.arena.stats();
  expect(() => context.reclaim()).toThrow(CorruptionError);
  expect(heap.arena.stats().usedBytes).toBe(usedBytes);
});
