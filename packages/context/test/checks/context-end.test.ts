import {
  Arena,
  BufferOverrunError,
  CorruptionError,
  Heap,
  LeakError,
  PerflocError,
  ResetCallbackError,
} from "@perfloc/context";
import { describe, expect, it } from "vitest";
import {
  allocMany,
  checkSound,
  checkThrows,
  guardedLevels,
  kinds,
  optionsOf,
  pageOf,
  poke,
  thrownBy,
} from "../support/fixtures.js";

const LEAK = "PERFLOC_CONTEXT_LEAK";
const WRITE_AFTER_RESET = "PERFLOC_CONTEXT_WRITE_AFTER_RESET";

describe("the end of a context, check level debug", () => {
  it.each(kinds)("C68 what a reset leaves of a %s is overwritten", (kind) => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("a", optionsOf[kind]);
    const address = context.alloc(40);
    context.bytes(address, 40).fill(1);
    context.reset();
    const { u8, base } = heap.arena.chunkAt(address);
    expect(u8.slice(address - base, address - base + 40)).toEqual(new Uint8Array(40).fill(0xdf));
  });

  it.each(kinds)(
    "C68 a write to it is told by verify, by the next end and by alloc (%s)",
    (kind) => {
      using heap = new Heap({ check: "debug" });
      const context = heap.open("a", optionsOf[kind]);
      allocMany(context, 10, 40);
      const address = context.alloc(40);
      context.reset();
      heap.verify();
      poke(heap, address + 3, 1);
      const error = checkThrows(() => heap.verify(), CorruptionError, WRITE_AFTER_RESET);
      expect(error.address).toBe(address + 3);
      checkThrows(() => context.reset(), CorruptionError, WRITE_AFTER_RESET);
      heap.verify();
      const first = context.alloc(40);
      context.reset();
      poke(heap, first, 1);
      checkThrows(() => context.alloc(40), CorruptionError, WRITE_AFTER_RESET);
      context.alloc(40);
      checkSound(heap);
    },
  );

  it("C68 a program that goes on after a reset is not accused", () => {
    using heap = new Heap({ check: "debug" });
    for (const kind of kinds) {
      const context = heap.open("a", optionsOf[kind]);
      for (let round = 0; round < 20; round++) {
        for (const address of allocMany(context, 7 * round, 56)) context.bytes(address, 56).fill(1);
        heap.verify();
        context.reset();
      }
    }
  });

  it("C68 the records of a context are verified before it ends, which it does all the same", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("a");
    const address = context.alloc(40);
    poke(heap, pageOf(address), 0);
    checkThrows(() => context.drop(), CorruptionError, "PERFLOC_CONTEXT_CORRUPT");
    expect(context.isDropped).toBe(true);
  });

  it("C69 what a callback's error hid stands in the report, and is thrown by no other call", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("a");
    poke(heap, context.alloc(8) + 8, 0);
    context.onReset(() => {
      throw new Error("mine");
    });
    expect(() => context.reset()).toThrow(ResetCallbackError);
    expect(heap.report().findings).toHaveLength(1);
    context.reset();
    expect(heap.report().findings).toHaveLength(1);
  });

  it("C69 of several findings the first is thrown, and all are in the report", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("a");
    for (const address of allocMany(context, 3, 8)) poke(heap, address + 8, 0);
    expect(() => context.reset()).toThrow(/was overrun/);
    expect(heap.report().findings.map(({ code }) => code)).toEqual(
      Array.from({ length: 3 }, () => "PERFLOC_CONTEXT_OVERRUN"),
    );
    context.reset();
  });

  it("C69 the report keeps the first hundred findings", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("a");
    const addresses = allocMany(context, 101, 8);
    for (const address of addresses) poke(heap, address + 8, 0);
    expect(() => context.reset()).toThrow(/was overrun/);
    expect(heap.report().findings).toHaveLength(100);
    expect(context.stats().liveBytes).toBe(0);
  });

  it("C4 a heap whose arena was disposed by its owner ends quietly", () => {
    const heap = new Heap({ check: "debug" });
    const context = heap.open("a");
    context.free(context.alloc(100));
    context.alloc(100);
    heap.arena.dispose();
    expect(thrownBy(() => heap.verify())).toBeInstanceOf(PerflocError);
    heap.arena.dispose();
  });

  it.each(kinds)("C4 nor does a %s read memory that is gone when it ends", (kind) => {
    const arena = new Arena();
    const heap = new Heap({ arena, check: "debug" });
    const used = heap.open("used", optionsOf[kind]);
    used.alloc(60);
    const wasReset = heap.open("was reset", optionsOf[kind]);
    wasReset.alloc(60);
    wasReset.reset();
    arena.dispose();
    used.drop();
    wasReset.drop();
    expect(heap.report().findings).toEqual([]);
  });

  it.each(kinds)("C30 a reset that keeps the children does not look at them (%s)", (kind) => {
    using heap = new Heap({ check: "debug" });
    const parent = heap.open("parent", optionsOf[kind]);
    const child = parent.open("child");
    const address = child.alloc(8);
    poke(heap, address + 8, 0);
    parent.reset({ children: "keep" });
    expect(heap.report().findings).toEqual([]);
    expect(() => parent.reset()).toThrow(BufferOverrunError);
    expect(child.isDropped).toBe(true);
  });
});

describe.each(guardedLevels)("leaks, check level %s", (check) => {
  const options = { check, sampleEvery: 1 };

  it.each(["reset", "drop"] as const)("C72 objects that a %s finds are named", (end) => {
    using heap = new Heap(options);
    const context = heap.open("cache", { expectFreed: true });
    const [kept = 0, freed = 0] = allocMany(context, 2, 30);
    context.free(freed);
    const error = checkThrows(() => context[end](), LeakError, LEAK);
    expect(error).toMatchObject({ context: "cache", count: 1, byteLength: 30 });
    expect(error.objects[0]?.address).toBe(kept);
    expect(error.objects[0]?.allocatedAt.join("\n")).toMatch(/context-end\.test/);
    if (check === "debug") expect(error.message).toMatch(/opened at .*context-end\.test/);
    checkSound(heap);
  });

  it("C72 the message counts them", () => {
    using heap = new Heap(options);
    const context = heap.open("cache", { expectFreed: true });
    allocMany(context, 2, 30);
    const error = checkThrows(() => context.reset(), LeakError, LEAK);
    expect(error.message).toMatch(/ended with 2 objects of 60 bytes/);
  });

  it("C72 objects that a reset callback frees are no leaks; nor are those of other contexts", () => {
    using heap = new Heap(options);
    const context = heap.open("cache", { expectFreed: true });
    const address = context.alloc(30);
    context.onReset(() => context.free(address));
    context.open("child").alloc(10);
    context.drop();
    heap.open("other").alloc(10);
    expect(heap.report().findings).toEqual([]);
  });

  it("C72 the lower levels do not look", () => {
    for (const level of ["check", "off"] as const) {
      using heap = new Heap({ check: level });
      heap.open("cache", { expectFreed: true }).alloc(10);
      heap.dispose();
      expect(heap.report().findings).toEqual([]);
    }
  });
});
