/** The mark map lies beside the bytes, where no object reaches; who writes to it all the same is found. */
import { CorruptionError, Heap, type MemoryContext } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  SLOT_BYTES,
  allocMany,
  checkLevels,
  checkThrows,
  freeingKinds,
  optionsOf,
} from "./support/fixtures.js";

const CORRUPT = "PERFLOC_CONTEXT_CORRUPT";
const LIVE = 0x80;
const FREED = 0x40;

/** Overwrites the mark of the granule at `address`. */
function mark(heap: Heap, address: number, value: number): void {
  const { marks, base } = heap.arena.chunkAt(address);
  marks[(address - base) / 8] = value;
}

function markOf(heap: Heap, address: number): number {
  const { marks, base } = heap.arena.chunkAt(address);
  return marks[(address - base) / 8]!;
}

function checkFound(heap: Heap, fact: string, where: number): void {
  const error = checkThrows(() => heap.verify(), CorruptionError, CORRUPT);
  expect(error.message).toContain(fact);
  expect(error.message).toContain('context "victim"');
  expect(error.address).toBe(where);
}

describe.each(checkLevels)("marks, check level %s", (check) => {
  describe.each(freeingKinds)("of a %s", (kind) => {
    function fill(heap: Heap): { context: MemoryContext; addresses: number[] } {
      const context = heap.open("victim", optionsOf[kind]);
      return { context, addresses: allocMany(context, 20, SLOT_BYTES) };
    }

    test.each([0, 1, FREED, LIVE | FREED | 1, LIVE | 62])(
      "C57 finds a mark overwritten with %i",
      (wrong) => {
        using heap = new Heap({ check });
        const address = fill(heap).addresses[10]!;
        const original = markOf(heap, address);
        mark(heap, address, wrong);
        checkFound(heap, "mark", address);
        mark(heap, address, original);
        heap.verify();
      },
    );

    test("C57 finds a mark inside an object", () => {
      using heap = new Heap({ check });
      const address = fill(heap).addresses[10]!;
      mark(heap, address + 16, LIVE | 1);
      checkFound(heap, "a mark stands inside an object", address);
    });

    test("C57 finds a live object that was marked as freed", () => {
      using heap = new Heap({ check });
      const address = fill(heap).addresses[10]!;
      mark(heap, address, (markOf(heap, address) ^ LIVE) | FREED);
      checkFound(heap, "are on free lists", 0);
    });

    test("C59 a freed slot whose mark was overwritten is not handed out", () => {
      using heap = new Heap({ check });
      const { context, addresses } = fill(heap);
      const address = addresses[10]!;
      context.free(address);
      mark(heap, address, FREED | 62);
      const error = checkThrows(() => context.alloc(SLOT_BYTES), CorruptionError, CORRUPT);
      expect(error.message).toContain("first slot of a free list");
    });
  });

  test("C57 finds a mark that makes the last object too long", () => {
    using heap = new Heap({ check });
    const context = heap.open("victim");
    const address = allocMany(context, 5, SLOT_BYTES).at(-1)!;
    mark(heap, address, markOf(heap, address) + 1);
    checkFound(heap, "reaches past the end of what was allocated", address + SLOT_BYTES + 8);
  });

  test("C57 finds a process chunk whose span was resized behind its back", () => {
    using heap = new Heap({ check });
    const base = heap.open("victim").alloc(8) - 16;
    const owner = heap.arena.chunkAt(base).ownerAt(base);
    expect(heap.arena.resize(base, 8192, owner)).toBe(true);
    const error = checkThrows(() => heap.verify(), CorruptionError, CORRUPT);
    expect(error.message).toContain("a span is not as long as its process chunk");
    expect(error.address).toBe(base);
  });
});
