import { Heap } from "@perfloc/context";
import { randomFrom } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import { allocMany, checkLevels, checkSound, kinds, optionsOf } from "./support/fixtures.js";

describe.each(checkLevels)("figures, check level %s", (check) => {
  test("C51 the equations hold after every step of a program with all kinds", () => {
    using heap = new Heap({ check });
    const random = randomFrom(51);
    const open = kinds.map((kind) => heap.open(kind, optionsOf[kind]));
    for (let step = 0; step < 60; step++) {
      const parent = open[Math.floor(random() * open.length)];
      if (parent === undefined || parent.isDropped) continue;
      const kind = kinds[step % 3] ?? "allocset";
      if (random() < 0.3) open.push(parent.open(`context ${step}`, optionsOf[kind]));
      const addresses = allocMany(parent, Math.floor(random() * 200), Math.floor(random() * 64));
      if (parent.kind === "allocset") {
        parent.alloc(Math.floor(random() * 90_000));
        parent.alloc(100, 256);
      }
      if (parent.kind !== "bump") {
        for (const address of addresses) if (random() < 0.5) parent.free(address);
      }
      if (random() < 0.1) parent.reset();
      if (random() < 0.1) parent.checkpoint();
      if (random() < 0.05 && parent.parent !== undefined) parent.drop();
      checkSound(heap);
    }
  });

  test("C52 one allocset, in PostgreSQL's columns", () => {
    using heap = new Heap({ check });
    const top = heap.open("TopMemoryContext");
    const context = top.open("MessageContext");
    const addresses = allocMany(context, 100, 60);
    for (const address of addresses.slice(0, 30)) context.free(address);
    context.alloc(50_000);
    const stats = context.stats();
    const row = {
      name: stats.name,
      type: stats.kind,
      level: stats.level,
      path: stats.path,
      total_bytes: stats.usedBytes,
      total_nblocks: stats.processChunks,
      free_bytes: stats.freeBytes,
      used_bytes: stats.liveBytes + stats.headerBytes,
    };
    const total = 4096 + 8192 + 53_248;
    const live = 70 * 64 + (53_248 - 16);
    expect(row).toEqual({
      name: "MessageContext",
      type: "allocset",
      level: 2,
      path: ["TopMemoryContext", "MessageContext"],
      total_bytes: total,
      total_nblocks: 3,
      free_bytes: total - live - 48,
      used_bytes: live + 48,
    });
    expect(stats.freeObjects).toBeGreaterThanOrEqual(30);
    expect(stats.liveObjects).toBe(71);
  });

  test("C52 the tree: names, levels, paths, limits, children newest first", () => {
    using heap = new Heap({ check });
    const top = heap.open("top");
    top.open("old").open("leaf", { kind: "bump" });
    top.open("new", { kind: "slab", slotBytes: 8 }).setLimit(5000);
    const stats = top.stats();
    expect(
      stats.children.map(({ name, kind, level, path, limitBytes }) => [
        name,
        kind,
        level,
        path,
        limitBytes,
      ]),
    ).toEqual([
      ["new", "slab", 2, ["top", "new"], 5000],
      ["old", "allocset", 2, ["top", "old"], Infinity],
    ]);
    expect(stats.children[1]?.children[0]?.path).toEqual(["top", "old", "leaf"]);
    expect(top.stats().subtreeContexts).toBe(4);
    expect(heap.stats().children).toEqual([stats]);
  });

  test("C52 stats of a context in the middle begin there, with its own level and path", () => {
    using heap = new Heap({ check });
    const middle = heap.open("top").open("middle");
    middle.open("leaf").alloc(8);
    const stats = middle.stats();
    expect([stats.level, stats.path]).toEqual([2, ["top", "middle"]]);
    expect(stats.children[0]?.path).toEqual(["top", "middle", "leaf"]);
    expect([stats.usedBytes, stats.subtreeUsedBytes]).toEqual([0, 4096]);
  });

  test("C51 the counters of a heap", () => {
    using heap = new Heap({ check });
    const context = heap.open("counted");
    context.open("child").drop();
    allocMany(context, 1000, 64);
    context.reset();
    context.reset();
    const { contexts, contextsOpened, contextsDropped, resets, forwards, processChunks } =
      heap.stats();
    expect({ contexts, contextsOpened, contextsDropped, resets, processChunks }).toEqual({
      contexts: 1,
      contextsOpened: 2,
      contextsDropped: 1,
      resets: 2,
      processChunks: 1,
    });
    expect(forwards).toBe(4);
  });

  test("C51 stats are a snapshot", () => {
    using heap = new Heap({ check });
    const context = heap.open("snapshot");
    const before = context.stats();
    context.alloc(8);
    context.open("child");
    expect([before.usedBytes, before.children]).toEqual([0, []]);
  });
});
