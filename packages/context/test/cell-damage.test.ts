/** The cells lie beside the bytes, where no object reaches; damage of them is found all the same. */
import { CorruptionError, Heap, type MemoryContext } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  SLOT_BYTES,
  allocMany,
  cellAt,
  checkLevels,
  checkThrows,
  damageCell,
  freeingKinds,
  linkTo,
  optionsOf,
  pageOf,
} from "./support/fixtures.js";

const CORRUPT = "PERFLOC_CONTEXT_CORRUPT";
const LOST = "the cell of an object was lost";
const GUARDED = 0x4000_0000;
/** Code of the note of an alignment. */
const NOTE = 48;
const DEDICATED = 63;

function checkFound(heap: Heap, fact: string, where: number): void {
  const error = checkThrows(() => heap.verify(), CorruptionError, CORRUPT);
  expect(error.message).toContain(fact);
  expect(error.message).toContain('context "victim"');
  expect(error.address).toBe(where);
}

describe.each(checkLevels)("cells, check level %s", (check) => {
  describe.each(freeingKinds)("of a %s", (kind) => {
    function fill(heap: Heap): { context: MemoryContext; addresses: number[] } {
      const context = heap.open("victim", optionsOf[kind]);
      return { context, addresses: allocMany(context, 20, SLOT_BYTES) };
    }

    test.each<[string, (context: MemoryContext) => number]>([
      ["nothing", () => 0],
      ["a class without a tag", () => 1],
      ["the tag of another context", ({ tag }) => tag + 64],
      ["a freed slot of no list", () => linkTo(0)],
      ["a guarded object", ({ tag }) => tag | GUARDED],
      ["a note", ({ tag }) => tag | NOTE],
    ])("C57 finds a cell overwritten with %s", (_what, wrong) => {
      using heap = new Heap({ check });
      const { context, addresses } = fill(heap);
      const address = addresses[10]!;
      const original = cellAt(heap, address);
      damageCell(heap, address, wrong(context));
      checkFound(heap, LOST, address);
      damageCell(heap, address, original);
      heap.verify();
    });

    test("C57 finds every bit of a cell that was flipped", () => {
      using heap = new Heap({ check });
      const address = fill(heap).addresses[10]!;
      const original = cellAt(heap, address);
      for (let bit = 0; bit < 32; bit++) {
        damageCell(heap, address, original ^ (1 << bit));
        checkThrows(() => heap.verify(), CorruptionError, CORRUPT);
      }
      damageCell(heap, address, original);
      heap.verify();
    });

    test.each([0, DEDICATED])("C57 finds a cell of code %i inside an object", (code) => {
      using heap = new Heap({ check });
      const { context, addresses } = fill(heap);
      const address = addresses[10]!;
      damageCell(heap, address + 16, context.tag | code);
      checkFound(heap, "the cell of an object stands inside another object", address);
    });

    test("C57 finds a freed slot where nothing was allocated yet", () => {
      using heap = new Heap({ check });
      const { context, addresses } = fill(heap);
      context.free(addresses[10]!);
      const beyond = addresses[19]! + SLOT_BYTES;
      damageCell(heap, addresses[10]!, linkTo(beyond));
      damageCell(heap, beyond, linkTo(0));
      checkFound(heap, "2 slots are on free lists, but 1 are free", 0);
    });

    test("C57 C59 a list that goes round ends in an error, not in a loop", () => {
      using heap = new Heap({ check });
      const { context, addresses } = fill(heap);
      const [first, second, third, other] = addresses;
      for (const address of [first, second, third]) context.free(address!);
      const before = cellAt(heap, first!);
      damageCell(heap, first!, linkTo(third!));
      const circle = "a free list goes round in a circle";
      for (const call of [() => context.free(second!), () => context.reclaim()])
        expect(checkThrows(call, CorruptionError, CORRUPT).message).toContain(circle);
      damageCell(heap, first!, before);
      const mark = context.checkpoint();
      const young = context.alloc(SLOT_BYTES);
      context.free(young);
      damageCell(heap, young, linkTo(young));
      const error = checkThrows(() => context.commit(mark), CorruptionError, CORRUPT);
      expect(error.message).toContain(circle);
      expect(context.sizeOf(other!)).toBe(SLOT_BYTES);
    });

    test.each<[string, (context: MemoryContext) => number]>([
      ["nothing", () => 0],
      ["a live object", ({ tag }) => tag],
      ["the tag of another context", ({ tag }) => tag + 64],
    ])("C59 a freed slot whose cell was overwritten with %s is not handed out", (_what, wrong) => {
      using heap = new Heap({ check });
      const { context, addresses } = fill(heap);
      const address = addresses[10]!;
      context.free(address);
      damageCell(heap, address, wrong(context));
      const error = checkThrows(() => context.alloc(SLOT_BYTES), CorruptionError, CORRUPT);
      expect(error.message).toContain(
        `the head of a free list leads to ${address}, which is no freed object`,
      );
    });
  });

  test("C57 finds a cell that makes the last object too long", () => {
    using heap = new Heap({ check });
    const context = heap.open("victim");
    const address = allocMany(context, 5, SLOT_BYTES).at(-1)!;
    damageCell(heap, address, cellAt(heap, address) + 1);
    checkFound(heap, "reaches past the end of what was allocated", pageOf(address));
  });

  test("C7 C20 a note that the address contradicts means nothing", () => {
    using heap = new Heap({ check });
    const context = heap.open("victim");
    context.alloc(48);
    const address = context.alloc(48);
    context.alloc(48);
    // 4096.
    damageCell(heap, address + 16, context.tag | (NOTE + 7));
    heap.verify();
    expect(address % 4096).not.toBe(0);
    expect(context.realloc(address, 100) - address).toBe(96);
    heap.verify();
  });

  test("C57 finds the lost cell of a big object, wherever in its process chunk it begins", () => {
    for (const alignment of [16, 64, 4096]) {
      using heap = new Heap({ check });
      const address = heap.open("victim").alloc(100_000, alignment);
      const original = cellAt(heap, address);
      damageCell(heap, address, 0);
      checkFound(heap, LOST, alignment === 4096 ? address - 4080 : pageOf(address) + 16);
      damageCell(heap, address, original);
      heap.verify();
    }
  });

  test("C57 finds a process chunk whose span was resized behind its back", () => {
    using heap = new Heap({ check });
    const base = pageOf(heap.open("victim").alloc(8));
    expect(heap.arena.spans.resize(base, 2)).toBe(true);
    checkFound(heap, "the length in a process chunk header was overwritten", base);
    heap.arena.spans.resize(base, 1);
    heap.verify();
  });
});
