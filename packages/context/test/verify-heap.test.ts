import { CorruptionError, Heap, PerflocError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  SLOT_BYTES,
  allocMany,
  cellAt,
  chainFrom,
  checkLevels,
  checkThrows,
  damageCell,
  freeingKinds,
  kinds,
  linkTo,
  optionsOf,
  pageOf,
} from "./support/fixtures.js";

const CORRUPT = "PERFLOC_CONTEXT_CORRUPT";
const HEADER_WORDS = ["magic", "length", "forward", "owner"] as const;

describe.each(checkLevels)("verify, check level %s", (check) => {
  describe.each(kinds)("of a %s", (kind) => {
    test.each(HEADER_WORDS)("C57 finds an overwritten %s, in any process chunk", (field) => {
      using heap = new Heap({ check });
      const context = heap.open("victim", optionsOf[kind]);
      const first = pageOf(context.alloc(8));
      allocMany(context, 500, SLOT_BYTES);
      const word = HEADER_WORDS.indexOf(field);
      const chain = chainFrom(heap, first);
      expect(chain.length).toBeGreaterThan(3);
      for (const { base } of chain) {
        const chunk = heap.arena.chunkAt(base);
        const position = (base - chunk.base) / 4 + word;
        const original = chunk.u32[position] ?? 0;
        for (const wrong of [original ^ 1, 0xffff_ffff, original + 4096]) {
          chunk.u32[position] = wrong;
          const error = checkThrows(
            () => {
              heap.verify();
            },
            CorruptionError,
            CORRUPT,
          );
          expect(error.address).toBe(base);
          expect(error.message).toContain(field);
          expect(error.message).toContain('context "victim"');
        }
        chunk.u32[position] = original;
        heap.verify();
      }
    });

    test("C57 finds what was written past the end of a process chunk", () => {
      using heap = new Heap({ check });
      const context = heap.open("overrunning", optionsOf[kind]);
      const address = context.alloc(SLOT_BYTES);
      const next = pageOf(heap.open("victim").alloc(8));
      const { u8, base } = heap.arena.chunkAt(address);
      expect(next).toBe(pageOf(address) + 4096);
      u8.fill(0xee, address - base, next - base + 4);
      const error = checkThrows(
        () => {
          heap.verify();
        },
        CorruptionError,
        CORRUPT,
      );
      expect(error.address).toBe(next);
      expect(error.message).toContain('context "victim"');
    });
  });

  describe.each(freeingKinds)("of freed objects in a %s", (kind) => {
    test.each<[string, (freed: number, live: number) => number]>([
      ["a live object", (_freed, live) => linkTo(live)],
      ["the NULL page", () => linkTo(16)],
      ["the end of the address space", () => linkTo(2 ** 32 - 16)],
      ["itself", (freed) => linkTo(freed)],
      ["no link but a live cell of nobody", () => 0x7fff_ffff],
      ["no link but nothing", () => 0],
    ])("C57 finds a link overwritten with %s", (_what, cell) => {
      using heap = new Heap({ check });
      const context = heap.open("victim", optionsOf[kind]);
      const addresses = allocMany(context, 500, SLOT_BYTES);
      for (const address of addresses.slice(0, 300)) context.free(address);
      const freed = addresses[77] ?? 0;
      const before = cellAt(heap, freed);
      damageCell(heap, freed, cell(freed, addresses[400] ?? 0));
      checkThrows(() => heap.verify(), CorruptionError, CORRUPT);
      damageCell(heap, freed, before);
      heap.verify();
    });

    test("C57 finds every bit of a link that was flipped", () => {
      using heap = new Heap({ check });
      const context = heap.open("victim", optionsOf[kind]);
      const addresses = allocMany(context, 20, SLOT_BYTES);
      for (const address of addresses.slice(0, 10)) context.free(address);
      const freed = addresses[5] ?? 0;
      const before = cellAt(heap, freed);
      for (let bit = 0; bit < 32; bit++) {
        damageCell(heap, freed, before ^ (1 << bit));
        checkThrows(() => heap.verify(), CorruptionError, CORRUPT);
      }
      damageCell(heap, freed, before);
      heap.verify();
    });

    test("C57 C59 the bytes of freed objects are nobody's: overwriting them damages no list", () => {
      using heap = new Heap({ check });
      const context = heap.open("victim", optionsOf[kind]);
      const addresses = allocMany(context, 300, SLOT_BYTES);
      for (const address of addresses) context.free(address);
      for (const address of addresses) context.bytes(address, SLOT_BYTES).fill(0xff);
      heap.verify();
      expect(allocMany(context, 300, SLOT_BYTES)).toEqual(addresses.toReversed());
      heap.verify();
    });

    test("C57 finds a free list that was cut short, or made to go round", () => {
      using heap = new Heap({ check });
      const context = heap.open("victim", optionsOf[kind]);
      const addresses = allocMany(context, 20, SLOT_BYTES);
      for (const address of addresses) context.free(address);
      for (const link of [0, addresses[15] ?? 0]) {
        damageCell(heap, addresses[10] ?? 0, linkTo(link));
        checkThrows(
          () => {
            heap.verify();
          },
          CorruptionError,
          CORRUPT,
        );
      }
      damageCell(heap, addresses[10] ?? 0, linkTo(addresses[9] ?? 0));
      heap.verify();
    });

    test("C57 finds the damage among the free slots that a mark put aside", () => {
      using heap = new Heap({ check });
      const context = heap.open("victim", optionsOf[kind]);
      const addresses = allocMany(context, 20, SLOT_BYTES);
      for (const address of addresses.slice(5)) context.free(address);
      context.checkpoint();
      heap.verify();
      damageCell(heap, addresses[10] ?? 0, linkTo(addresses[0] ?? 0));
      checkThrows(
        () => {
          heap.verify();
        },
        CorruptionError,
        CORRUPT,
      );
    });

    test.each([0, 1, 0x00ab_cdef, 0x7fff_ffff, -1, linkTo(0x00ab_cde0), linkTo(2 ** 32 - 16)])(
      "C59 allocating after a link was overwritten with %i throws nothing but errors of Perfloc",
      (link) => {
        const heap = new Heap({ check });
        const context = heap.open("victim", optionsOf[kind]);
        const addresses = allocMany(context, 300, SLOT_BYTES);
        for (const address of addresses) context.free(address);
        damageCell(heap, addresses[299] ?? 0, link);
        const thrown = new Set<unknown>();
        for (let count = 0; count < 5; count++) {
          try {
            context.alloc(SLOT_BYTES);
          } catch (error) {
            thrown.add(error);
          }
        }
        for (const error of thrown) expect(error).toBeInstanceOf(PerflocError);
      },
    );
  });

  test("C57 verify is quiet about what the program may write: whole objects, whole buffers of them", () => {
    using heap = new Heap({ check });
    for (const kind of kinds) {
      const context = heap.open(kind, optionsOf[kind]);
      for (const address of allocMany(context, 2000, SLOT_BYTES)) {
        context.bytes(address, SLOT_BYTES).fill(0xff);
      }
    }
    const big = heap.open("big");
    const address = big.alloc(100_000);
    big.bytes(address, big.sizeOf(address)).fill(0xff);
    heap.verify();
    expect(heap.stats().contexts).toBe(4);
  });
});
