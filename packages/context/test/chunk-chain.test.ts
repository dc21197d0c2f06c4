import { Heap, type MemoryContext } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  SLOT_BYTES,
  allocMany,
  chainFrom,
  checkEmpty,
  checkLevels,
  checkSound,
  fill,
  headerAt,
  isFilled,
  kinds,
  optionsOf,
  pageOf,
} from "./support/fixtures.js";

const MAGIC = 0x434c4650;

describe.each(checkLevels)("check level %s", (check) => {
  describe.each(kinds)("the chain of process chunks of a context of kind %s", (kind) => {
    function open(heap: Heap): MemoryContext {
      return heap.open("chain", optionsOf[kind]);
    }

    test("C25 one chunk: the header tells magic, length, no forward, and the owner", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const address = context.alloc(8);
      const header = headerAt(heap, pageOf(address));
      expect(header.magic).toBe(MAGIC);
      expect(header.byteLength).toBe(4096);
      expect(header.forward).toBe(0);
      expect(header.owner).not.toBe(0);
      expect(address).toBe(header.base + 16);
      const other = heap.open("other", optionsOf[kind]).alloc(8);
      expect(headerAt(heap, pageOf(other)).owner).not.toBe(header.owner);
    });

    test("C23, C25 chunks double from 4096 to 256 KiB and then stay there, linked by forward addresses", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const first = pageOf(context.alloc(SLOT_BYTES));
      allocMany(context, 80_000, SLOT_BYTES);
      const chain = chainFrom(heap, first);
      const expected = chain.map((_, position) => Math.min(4096 * 2 ** position, 2 ** 18));
      expect(chain.map(({ byteLength }) => byteLength)).toEqual(expected);
      expect(chain.length).toBeGreaterThan(11);
      expect(new Set(chain.map(({ owner }) => owner)).size).toBe(1);
      expect(chain.every(({ magic }) => magic === MAGIC)).toBe(true);
      expect(context.stats().processChunks).toBe(chain.length);
      expect(context.stats().usedBytes).toBe(
        chain.reduce((sum, { byteLength }) => sum + byteLength, 0),
      );
      expect(heap.stats().forwards).toBe(chain.length - 1);
      checkSound(heap);
    });

    test("C23 initialBytes and maxChunkBytes are kept, in whole pages", () => {
      using heap = new Heap({ check });
      const context = heap.open("chain", {
        ...optionsOf[kind],
        initialBytes: 5000,
        maxChunkBytes: 40_000,
      });
      const first = pageOf(context.alloc(SLOT_BYTES));
      allocMany(context, 2500, SLOT_BYTES);
      const lengths = chainFrom(heap, first).map(({ byteLength }) => byteLength);
      expect(lengths.slice(0, 6)).toEqual([8192, 16_384, 32_768, 40_960, 40_960, 40_960]);
      checkSound(heap);
    });

    test("C24 nothing moves: every address and byte from before a forward stays", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const addresses: number[] = [];
      for (let seed = 0; seed < 5000; seed++) {
        const address = context.alloc(SLOT_BYTES);
        fill(context, address, SLOT_BYTES, seed);
        addresses.push(address);
      }
      expect(context.stats().processChunks).toBeGreaterThan(6);
      expect(new Set(addresses).size).toBe(5000);
      expect(addresses.every((address, seed) => isFilled(context, address, SLOT_BYTES, seed))).toBe(
        true,
      );
    });

    test("C32 drop gives each chunk of the chain back exactly once", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      allocMany(context, 20_000, SLOT_BYTES);
      const chunks = context.stats().processChunks;
      expect(heap.arena.stats().spanCount).toBe(chunks);
      context.drop();
      checkEmpty(heap);
      expect(heap.stats().usedBytes).toBe(0);
    });

    test("C32 contexts that grew in turns give back their own chunks only", () => {
      using heap = new Heap({ check });
      const contexts = Array.from({ length: 5 }, () => open(heap));
      for (let round = 0; round < 5000; round++) {
        for (const context of contexts) context.alloc(SLOT_BYTES);
      }
      for (const context of contexts) {
        const { spanCount } = heap.arena.stats();
        const { processChunks } = context.stats();
        context.drop();
        expect(heap.arena.stats().spanCount).toBe(spanCount - processChunks);
        checkSound(heap);
      }
      checkEmpty(heap);
    });

    test("C29 reset keeps the first chunk, returns the others, and starts the doubling again", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const first = context.alloc(SLOT_BYTES);
      allocMany(context, 1000, SLOT_BYTES);
      context.reset();
      expect(chainFrom(heap, pageOf(first))).toEqual([
        expect.objectContaining({ byteLength: 4096, forward: 0 }),
      ]);
      expect(heap.arena.stats().spanCount).toBe(1);
      expect(context.alloc(SLOT_BYTES)).toBe(first);
      allocMany(context, 200, SLOT_BYTES);
      const lengths = chainFrom(heap, pageOf(first)).map(({ byteLength }) => byteLength);
      expect(lengths).toEqual([4096, 8192, 16_384].slice(0, lengths.length));
      expect(lengths.length).toBeGreaterThan(1);
      checkSound(heap);
    });

    test("C29 reset of a context that holds nothing does nothing", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      context.reset();
      context.reset();
      expect(heap.arena.stats().heldBytes).toBe(0);
      context.alloc(8);
      checkSound(heap);
    });

    test("C31 10,000 cycles that outgrow the kept chunk reserve no top chunk once warm", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const cycle = (): void => {
        for (let count = 0; count < 200; count++) context.alloc(SLOT_BYTES);
        context.reset();
      };
      for (let warm = 0; warm < 3; warm++) cycle();
      const before = heap.arena.stats();
      for (let count = 0; count < 10_000; count++) cycle();
      expect(heap.arena.stats()).toEqual(before);
      heap.verify();
    });

    test("C31 10,000 open and drop cycles, nested, reserve no top chunk once warm", () => {
      using heap = new Heap({ check });
      const cycle = (): void => {
        const outer = open(heap);
        outer.alloc(SLOT_BYTES);
        const inner = outer.open("inner", optionsOf[kind]);
        for (let count = 0; count < 70; count++) inner.alloc(SLOT_BYTES);
        outer.drop();
      };
      for (let warm = 0; warm < 3; warm++) cycle();
      const before = heap.arena.stats();
      for (let count = 0; count < 10_000; count++) cycle();
      expect(heap.arena.stats()).toEqual(before);
      checkEmpty(heap);
    });

    test("C30 reset keeps children and their objects when told to", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      allocMany(context, 500, SLOT_BYTES);
      const child = context.open("child");
      const address = child.alloc(100);
      fill(child, address, 100, 30);
      context.reset({ children: "keep" });
      expect(isFilled(child, address, 100, 30)).toBe(true);
      expect(context.stats().liveBytes).toBe(0);
      expect(child.parent).toBe(context);
      context.reset();
      expect(child.isDropped).toBe(true);
      checkSound(heap);
    });
  });

  describe.each(["allocset", "bump"] as const)("big objects in a context of kind %s", (kind) => {
    test("C26 10 bytes, 1 MB and 10 bytes hold at most 1.2 MB of process chunks", () => {
      using heap = new Heap({ check });
      const context = heap.open("sandwich", { kind });
      const small = context.alloc(10);
      context.alloc(1_000_000);
      const next = context.alloc(10);
      expect(next - small).toBe(16);
      expect(context.stats().usedBytes).toBeLessThanOrEqual(1_200_000);
      expect(context.stats().processChunks).toBe(2);
      checkSound(heap);
    });

    test("C26 a big object neither ends the current chunk nor changes the doubling", () => {
      using heap = new Heap({ check });
      const context = heap.open("big", { kind });
      const first = pageOf(context.alloc(8));
      const lengths: number[] = [];
      for (let count = 0; count < 3; count++) {
        context.alloc(500_000);
        allocMany(context, 500, 8);
      }
      for (const { byteLength } of chainFrom(heap, first)) {
        if (byteLength < 500_000) lengths.push(byteLength);
      }
      expect(lengths).toEqual([4096, 8192, 16_384]);
      checkSound(heap);
    });

    test("C26 a context whose first object is big keeps no big chunk over a reset", () => {
      using heap = new Heap({ check });
      const context = heap.open("big", { kind });
      const address = context.alloc(1_000_000);
      expect(headerAt(heap, pageOf(address)).byteLength).toBe(1_003_520);
      context.reset();
      checkEmpty(heap);
      context.alloc(8);
      expect(context.stats().usedBytes).toBe(4096);
      context.alloc(1_000_000);
      context.reset();
      expect(context.stats().usedBytes).toBe(4096);
      checkSound(heap);
    });

    test("C31 cycles with big objects reserve no top chunk once warm", () => {
      using heap = new Heap({ check });
      const context = heap.open("big", { kind });
      const cycle = (): void => {
        context.alloc(10);
        context.alloc(200_000);
        context.alloc(40_000);
        context.alloc(3000);
        context.alloc(3000);
        context.reset();
      };
      for (let warm = 0; warm < 3; warm++) cycle();
      const before = heap.arena.stats();
      for (let count = 0; count < 10_000; count++) cycle();
      expect(heap.arena.stats()).toEqual(before);
      heap.verify();
    });

    test.each([33_000, 100_000, 1_048_577, 5_000_000])(
      "C26 %i bytes go to a chunk that fits, in one step",
      (byteLength) => {
        using heap = new Heap({ check });
        const context = heap.open("big", { kind });
        context.alloc(byteLength);
        const { usedBytes, processChunks } = context.stats();
        expect(processChunks).toBe(1);
        expect(usedBytes).toBeLessThan(byteLength + 16 + 4096);
        expect(heap.arena.stats().heldChunks).toBe(1);
      },
    );
  });
});
