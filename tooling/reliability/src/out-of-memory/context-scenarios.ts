/** Contexts of every kind: allocation, reallocation, marks, the tree, resets, limits. */
import { type ContextKind, type MemoryContext, PAGE_BYTES } from "@perfloc/typed";
import { randomFrom } from "@perfloc-tooling/testkit";
import type { Scenario } from "./scenario.js";
import type { Stage } from "./stage.js";

/** Process chunks of a page: no shorter one can do instead of one that is refused. */
const PAGES = { maxChunkBytes: PAGE_BYTES } as const;

/** Writes a pattern into an object, and answers it. */
function fill(context: MemoryContext, address: number, byteLength: number): number {
  context.bytes(address, byteLength).fill(byteLength & 255);
  return address;
}

/** The bytes of objects that `fill` wrote, added up. */
function sumOf(context: MemoryContext, objects: readonly (readonly [number, number])[]): number {
  let sum = 0;
  for (const [address, byteLength] of objects)
    for (const byte of context.bytes(address, byteLength)) sum += byte;
  return sum;
}

/** Allocates `count` objects of up to `maxBytes`, and answers the sum of their bytes. */
function load(stage: Stage, context: MemoryContext, count: number, maxBytes: number): number {
  const random = randomFrom(count);
  const objects: [number, number][] = [];
  for (let step = 0; step < count; step++) {
    const byteLength = 1 + Math.floor(random() * maxBytes);
    const address = stage.call(() => context.alloc(byteLength));
    objects.push([fill(context, address, byteLength), byteLength]);
  }
  return sumOf(context, objects);
}

function growth(kind: ContextKind, count: number, maxBytes: number): Scenario["play"] {
  const slab = kind === "slab" ? { slotBytes: maxBytes } : {};
  return (stage) => load(stage, stage.open(kind, { kind, ...slab }), count, maxBytes);
}

export const contextScenarios: readonly Scenario[] = [
  { name: "allocset: small objects", play: growth("allocset", 600, 400) },
  { name: "allocset: objects of all size classes", play: growth("allocset", 60, 32_768) },
  { name: "allocset: big objects", play: growth("allocset", 15, 150_000) },
  { name: "bump: small objects", play: growth("bump", 600, 400) },
  { name: "bump: big objects", play: growth("bump", 15, 150_000) },
  { name: "slab", play: growth("slab", 500, 600) },
  {
    name: "heap: at addresses that are taken again and again",
    play: (stage) => {
      const sums: number[] = [];
      for (let cycle = 0; cycle < 6; cycle++) {
        const context = stage.open(`cycle ${cycle}`, PAGES);
        sums.push(load(stage, context, 40 + cycle * 10, 900));
        context.drop();
        for (const { index } of stage.arena.chunks) stage.arena.releaseChunk(index);
      }
      return sums;
    },
  },
  {
    name: "alloc: every alignment",
    play: (stage) => {
      const allocset = stage.open("allocset");
      const bump = stage.open("bump", { kind: "bump" });
      let misaligned = 0;
      for (let step = 0; step < 120; step++) {
        const alignment = 2 ** (step % 13);
        const context = step % 2 === 0 ? allocset : bump;
        const byteLength = step % 10 === 0 ? 33_000 : step * 5;
        misaligned += stage.call(() => context.alloc(byteLength, alignment)) % alignment;
      }
      return misaligned;
    },
  },
  {
    name: "allocZeroed: in memory that was used before",
    play: (stage) => {
      const context = stage.open("zeroed", PAGES);
      let sum = 0;
      for (let step = 0; step < 100; step++) {
        const byteLength = (step * 577) % 9000;
        const address = stage.call(() => context.allocZeroed(byteLength));
        sum += sumOf(context, [[address, byteLength]]);
        fill(context, address, byteLength);
        if (step % 3 === 0) context.free(address);
      }
      return sum;
    },
  },
  {
    name: "tryAlloc: answers 0",
    play: (stage) => {
      const context = stage.open("trying", PAGES);
      const big = stage.open("trying big", { kind: "bump" });
      for (let step = 0; step < 100; step++) {
        stage.tryCall(() => context.tryAlloc(500 + step));
        if (step % 10 === 0) stage.tryCall(() => big.tryAlloc(40_000));
      }
      return [context.stats().liveObjects, big.stats().processChunks > 0];
    },
  },
  {
    name: "realloc: objects that grow beside each other",
    play: (stage) => {
      const context = stage.open("growing");
      const objects: [number, number][] = [];
      for (let step = 0; step < 8; step++) objects.push([stage.call(() => context.alloc(16)), 16]);
      for (let byteLength = 24; byteLength < 60_000; byteLength = Math.ceil(byteLength * 1.7)) {
        for (const object of objects) {
          const [address] = object;
          object[0] = stage.call(() => context.realloc(address, byteLength));
          object[1] = byteLength;
          fill(context, object[0], byteLength);
        }
      }
      return sumOf(context, objects);
    },
  },
  {
    name: "realloc: a big object, in place and elsewhere",
    play: (stage) => {
      const context = stage.open("big");
      let address = fill(
        context,
        stage.call(() => context.alloc(40_000)),
        40_000,
      );
      let sum = 0;
      for (const byteLength of [60_000, 45_000, 120_000, 33_000, 250_000, 100, 400_000]) {
        const from = address;
        address = stage.call(() => context.realloc(from, byteLength));
        sum += sumOf(context, [[address, 100]]);
        stage.call(() => context.alloc(5000));
      }
      return sum;
    },
  },
  {
    name: "realloc: objects older than a mark",
    play: (stage) => {
      const context = stage.open("sealed", PAGES);
      const sums: number[] = [];
      for (let cycle = 0; cycle < 10; cycle++) {
        const old = fill(
          context,
          stage.call(() => context.alloc(3000)),
          3000,
        );
        const mark = context.checkpoint();
        const moved = stage.call(() => context.realloc(old, 9000));
        sums.push(sumOf(context, [[moved, 3000]]));
        if (cycle % 2 === 0) context.rollback(mark);
        else context.commit(mark);
      }
      return [sums, context.stats().liveObjects];
    },
  },
  {
    name: "checkpoint and rollback, nested",
    play: (stage) => {
      const context = stage.open("marked", PAGES);
      const sums: number[] = [];
      for (let cycle = 0; cycle < 6; cycle++) {
        sums.push(load(stage, context, 5, 2000));
        const outer = context.checkpoint();
        load(stage, context, 8, 3000);
        const inner = context.checkpoint();
        load(stage, context, 8, 3000);
        if (cycle % 2 === 0) context.rollback(inner);
        context.rollback(outer);
      }
      return [sums, context.stats().liveObjects];
    },
  },
  {
    name: "checkpoint and commit, with frees between",
    play: (stage) => {
      const context = stage.open("committed", PAGES);
      const addresses: number[] = [];
      for (let cycle = 0; cycle < 12; cycle++) {
        const mark = context.checkpoint();
        for (let step = 0; step < 8; step++)
          addresses.push(stage.call(() => context.alloc(100 * step + cycle)));
        for (const address of addresses.splice(0, 5)) context.free(address);
        context.commit(mark);
      }
      return context.stats().liveObjects;
    },
  },
  {
    name: "checkpoint in a bump context",
    play: (stage) => {
      const context = stage.open("marked", { kind: "bump", maxChunkBytes: 8192 });
      const sums: number[] = [];
      for (let cycle = 0; cycle < 8; cycle++) {
        const mark = context.checkpoint();
        sums.push(load(stage, context, 30, 1000));
        if (cycle % 3 > 0) context.rollback(mark);
        else context.commit(mark);
      }
      return sums;
    },
  },
  {
    name: "open: a deep tree of all kinds",
    play: (stage) => {
      const kinds = ["allocset", "bump", "slab"] as const;
      let context = stage.open("root");
      for (let depth = 0; depth < 60; depth++) {
        const kind = kinds[depth % kinds.length]!;
        const slab = kind === "slab" ? { slotBytes: 200 } : {};
        const parent = context;
        const child = stage.call(() => parent.open(kind, { kind, ...slab }));
        stage.call(() => child.alloc(200));
        stage.call(() => parent.alloc(150));
        context = child;
      }
      return stage.heap.stats().contexts;
    },
  },
  {
    name: "drop and dropChildren: branches that come and go",
    play: (stage) => {
      const root = stage.open("root");
      const sums: number[] = [];
      for (let cycle = 0; cycle < 12; cycle++) {
        const branch = root.open("branch", PAGES);
        sums.push(load(stage, branch, 6, 3000), load(stage, branch.open("leaf"), 6, 3000));
        if (cycle % 2 === 0) branch.drop();
        if (cycle % 4 === 3) root.dropChildren();
      }
      return [sums, stage.heap.stats().contexts];
    },
  },
  {
    name: "reset: cycles of work, with and without children",
    play: (stage) => {
      const context = stage.open("cycle", PAGES);
      const sums: number[] = [];
      for (let cycle = 0; cycle < 8; cycle++) {
        const child = context.open("child", { kind: "bump", initialBytes: 8192 });
        sums.push(load(stage, context, 10 + cycle * 4, 900), load(stage, child, 8, 900));
        context.reset({ children: cycle % 3 === 0 ? "drop" : "keep" });
      }
      return [sums, stage.heap.stats().contexts];
    },
  },
  {
    name: "onReset: callbacks that allocate",
    play: (stage) => {
      const context = stage.open("noisy");
      const log = stage.open("log", { kind: "bump", maxChunkBytes: PAGE_BYTES });
      for (let cycle = 0; cycle < 6; cycle++) {
        load(stage, context, 10, 900);
        context.onReset(() => stage.call(() => log.alloc(3500)));
        context.onReset(() => stage.call(() => context.alloc(20_000)));
        context.reset();
      }
      context.onReset(() => stage.call(() => log.alloc(9000)));
      context.drop();
      return log.stats().processChunks > 0;
    },
  },
  {
    name: "setParent: between limited parents",
    play: (stage) => {
      const parents = ["a", "b", "c"].map((name) => stage.open(name));
      for (const parent of parents) parent.setLimit(2 ** 22);
      const child = parents[0]!.open("child", PAGES);
      for (let step = 0; step < 60; step++) {
        stage.call(() => child.alloc(2500));
        const parent = parents[step % parents.length]!;
        stage.call(() => {
          child.setParent(parent);
        });
        stage.call(() => parent.alloc(1200));
      }
      return child.stats().liveObjects;
    },
  },
  {
    name: "setLimit: contexts that are told to be short",
    play: (stage) => {
      const context = stage.open("limited");
      let refused = 0;
      for (let limit = 8192; limit < 200_000; limit *= 2) {
        context.setLimit(limit);
        for (let step = 0; step < 200; step++) {
          if (context.stats().usedBytes + 4096 > limit) refused++;
          else stage.call(() => context.alloc(4000));
        }
      }
      return refused > 0;
    },
  },
  {
    name: "maxBytes: chunks given back to make room for a longer one",
    options: { maxBytes: 160 * 1024 },
    play: (stage) => {
      const sums: number[] = [];
      for (let cycle = 0; cycle < 5; cycle++) {
        const context = stage.open("one long", PAGES);
        sums.push(load(stage, context, 12, 3000));
        context.drop();
        for (const { index } of stage.arena.chunks) stage.arena.releaseChunk(index);
        const long = stage.open("another");
        sums.push(load(stage, long, 1, 100_000));
        long.drop();
      }
      return sums;
    },
  },
];
