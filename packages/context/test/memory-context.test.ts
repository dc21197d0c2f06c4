import { FailingSource, badAddresses, badSizes } from "@perfloc-tooling/testkit";
import {
  Heap,
  InvalidAddressError,
  InvalidSizeError,
  InvalidOptionError,
  type MemoryContext,
  type ResetOptions,
} from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  SLOT_BYTES,
  allocMany,
  checkLevels,
  checkRefused,
  checkSound,
  fill,
  kinds,
  optionsOf,
} from "./support/fixtures.js";

describe.each(checkLevels)("check level %s", (check) => {
  describe.each(kinds)("a context of kind %s", (kind) => {
    function open(heap: Heap): MemoryContext {
      return heap.open("context", optionsOf[kind]);
    }

    test("C5 addresses are multiples of 8, distinct, and never NULL", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const addresses = Array.from({ length: 5000 }, (_, count) =>
        context.alloc(count % (SLOT_BYTES + 1)),
      );
      expect(new Set(addresses).size).toBe(5000);
      expect(addresses.every((address) => address > 0 && address % 8 === 0)).toBe(true);
      checkSound(heap);
    });

    test("C6 objects of 0 bytes have addresses of their own", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const addresses = allocMany(context, 2000, 0);
      expect(new Set(addresses).size).toBe(2000);
      expect(context.bytes(addresses[0] ?? 0, 0).length).toBe(0);
      if (kind !== "bump") {
        for (const address of addresses) context.free(address);
        expect(new Set(allocMany(context, 2000, 0))).toEqual(new Set(addresses));
      }
      checkSound(heap);
    });

    test("C9 allocZeroed clears what was asked for, over dirty memory", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      for (let round = 0; round < 4; round++) {
        for (const byteLength of [0, 1, 7, 40, 64]) {
          const address = context.allocZeroed(byteLength);
          expect(context.bytes(address, byteLength).every((byte) => byte === 0)).toBe(true);
        }
        for (const address of allocMany(context, 500, SLOT_BYTES)) {
          context.bytes(address, SLOT_BYTES).fill(0xaa);
          if (kind !== "bump") context.free(address);
        }
        context.reset();
        for (const address of allocMany(context, 20, SLOT_BYTES))
          context.bytes(address, SLOT_BYTES).fill(0xbb);
        context.reset();
      }
      checkSound(heap);
    });

    test("C9 allocZeroed writes nothing beyond", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const before = context.alloc(SLOT_BYTES);
      context.reset();
      expect(context.alloc(SLOT_BYTES)).toBe(before);
      context.bytes(before, SLOT_BYTES).fill(0xcc);
      context.reset();
      expect(context.allocZeroed(13)).toBe(before);
      context.reset();
      context.alloc(SLOT_BYTES);
      expect([...context.bytes(before, 16)]).toEqual([
        ...Array.from({ length: 13 }, () => 0),
        0xcc,
        0xcc,
        0xcc,
      ]);
    });

    test("C10 tryAlloc answers 0 when a limit or the source has no more, and changes nothing", () => {
      const source = new FailingSource(2, true);
      using heap = new Heap({ check, source });
      const context = open(heap);
      let count = 0;
      while (context.tryAlloc(SLOT_BYTES) !== 0) count++;
      expect(count).toBeGreaterThan(100);
      const before = heap.stats();
      expect(context.tryAlloc(SLOT_BYTES)).toBe(0);
      expect(heap.stats()).toEqual(before);
      context.reset();
      expect(context.tryAlloc(SLOT_BYTES)).toBeGreaterThan(0);
      checkSound(heap);
    });

    test("C11 bytes shows the memory itself, at the object", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const address = context.alloc(SLOT_BYTES);
      fill(context, address, SLOT_BYTES, 11);
      const bytes = context.bytes(address, SLOT_BYTES);
      const chunk = heap.arena.chunkAt(address);
      expect(bytes.length).toBe(SLOT_BYTES);
      expect([...bytes]).toEqual([
        ...chunk.u8.subarray(address - chunk.base, address - chunk.base + SLOT_BYTES),
      ]);
      context.bytes(address + 3, 2)[1] = 0x5a;
      expect(bytes[4]).toBe(0x5a);
      chunk.u32[(address - chunk.base) / 4] = 0x01020304;
      expect([...bytes.subarray(0, 4)]).toEqual([4, 3, 2, 1]);
    });

    test("C11 bytes refuses what lies outside of what was allocated", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const [first = 0] = allocMany(context, 10, SLOT_BYTES);
      const other = heap.open("other").alloc(8);
      const end = first + 10 * SLOT_BYTES;
      expect(context.bytes(first, 10 * SLOT_BYTES).length).toBe(10 * SLOT_BYTES);
      for (const [address, byteLength] of [
        [first, 10 * SLOT_BYTES + 1],
        [end - 8, 9],
        [end + 8, 0],
        [first - 1, 1],
        [first - 16, 16],
        [first, 2 ** 30],
        [other, 8],
        [first + 0.5, 1],
      ] as const) {
        const error = checkRefused(
          heap,
          () => context.bytes(address, byteLength),
          InvalidAddressError,
          "PERFLOC_CONTEXT_INVALID_ADDRESS",
        );
        expect(error.address).toBe(address);
      }
    });

    test.each([...badAddresses])("C56 bytes refuses the address %s", (address) => {
      using heap = new Heap({ check });
      const context = open(heap);
      context.alloc(8);
      checkRefused(
        heap,
        () => context.bytes(address, 8),
        InvalidAddressError,
        "PERFLOC_CONTEXT_INVALID_ADDRESS",
      );
    });

    test.each([...badSizes, undefined as unknown as number])(
      "C56 bytes refuses %s bytes",
      (byteLength) => {
        using heap = new Heap({ check });
        const context = open(heap);
        const address = context.alloc(8);
        checkRefused(
          heap,
          () => context.bytes(address, byteLength),
          InvalidSizeError,
          "PERFLOC_CONTEXT_INVALID_SIZE",
        );
      },
    );
  });

  test.each(["Keep", "none", 1, {}])(
    "C56 reset refuses children: %j, and drops nothing",
    (value) => {
      using heap = new Heap({ check });
      const context = heap.open("parent");
      const child = context.open("child");
      context.alloc(8);
      checkRefused(
        heap,
        () => {
          context.reset({ children: value } as unknown as ResetOptions);
        },
        InvalidOptionError,
        "PERFLOC_CONTEXT_INVALID_OPTION",
      );
      expect(child.isDropped).toBe(false);
    },
  );

  test("C30 reset takes undefined for left out", () => {
    using heap = new Heap({ check });
    const context = heap.open("parent");
    const child = context.open("child");
    context.reset({ children: undefined });
    expect(child.isDropped).toBe(true);
  });
});
