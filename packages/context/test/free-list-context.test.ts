import {
  type Address,
  DoubleFreeError,
  Heap,
  InvalidAddressError,
  type MemoryContext,
} from "@perfloc/context";
import { randomFrom } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import { allocMany, checkRefused, freeingKinds, optionsOf } from "./support/fixtures.js";

const INVALID = "PERFLOC_CONTEXT_INVALID_ADDRESS";
const DOUBLE = "PERFLOC_CONTEXT_DOUBLE_FREE";

/** Every call that takes the address of a live object. */
const callsWithAddress = {
  free: (context: MemoryContext, address: Address): unknown => {
    context.free(address);
    return undefined;
  },
  realloc: (context: MemoryContext, address: Address): unknown => context.realloc(address, 16),
  sizeOf: (context: MemoryContext, address: Address): unknown => context.sizeOf(address),
};
const namesOfCalls = Object.keys(callsWithAddress) as (keyof typeof callsWithAddress)[];

/** No addresses; typed as numbers, because that is how mistakes arrive. */
const notAddresses = [
  0.5,
  -8,
  Number.NaN,
  Infinity,
  -Infinity,
  2 ** 32,
  2 ** 32 + 4112,
  2 ** 53,
  "4112",
  4112n,
  null,
  undefined,
  {},
  [4112],
  true,
  Symbol("address"),
] as unknown as readonly number[];

describe.each(freeingKinds)("the checks of %s", (kind) => {
  describe.each(namesOfCalls)("in %s", (name) => {
    const call = callsWithAddress[name];

    test("C17 refuse an object that was freed, until its slot is handed out again", () => {
      using heap = new Heap();
      const context = heap.open("twice", optionsOf[kind]);
      const [first = 0, second = 0] = allocMany(context, 2, 24);
      context.free(first);
      const error = checkRefused(heap, () => call(context, first), DoubleFreeError, DOUBLE);
      expect([error.address, error.context]).toEqual([first, "twice"]);
      context.free(second);
      checkRefused(heap, () => call(context, first), DoubleFreeError, DOUBLE);
      expect(context.alloc(24)).toBe(second);
      expect(context.alloc(24)).toBe(first);
      expect(call(context, first)).not.toBe(0);
    });

    test("C17 refuse a second free in a chunk that is not the newest", () => {
      using heap = new Heap();
      const context = heap.open("twice", optionsOf[kind]);
      const addresses = allocMany(context, 2000, 32);
      for (const position of [0, 1999, 500, 1]) {
        const address = addresses[position] ?? 0;
        context.free(address);
        checkRefused(heap, () => call(context, address), DoubleFreeError, DOUBLE);
      }
      for (const position of [0, 1999, 500, 1]) {
        checkRefused(heap, () => call(context, addresses[position] ?? 0), DoubleFreeError, DOUBLE);
      }
    });

    test("C18 refuse NULL", () => {
      using heap = new Heap();
      const context = heap.open("null", optionsOf[kind]);
      const error = checkRefused(heap, () => call(context, 0), InvalidAddressError, INVALID);
      expect(error.address).toBe(0);
      expect(error.message).toContain("NULL");
      context.alloc(8);
      checkRefused(heap, () => call(context, 0), InvalidAddressError, INVALID);
    });

    test("C18 refuse the inside of an object, byte by byte", () => {
      using heap = new Heap();
      const context = heap.open("inside", optionsOf[kind]);
      const address = context.alloc(64);
      for (let offset = 1; offset < 64; offset++) {
        checkRefused(heap, () => call(context, address + offset), InvalidAddressError, INVALID);
      }
      for (const beside of [address - 1, address - 8, address + 64, address + 4000]) {
        checkRefused(heap, () => call(context, beside), InvalidAddressError, INVALID);
      }
      expect(context.sizeOf(address)).toBe(64);
    });

    test("C18 refuse the objects of other contexts, of every kind", () => {
      using heap = new Heap();
      const context = heap.open("mine", optionsOf[kind]);
      context.alloc(8);
      for (const other of freeingKinds) {
        const owner = heap.open("theirs", optionsOf[other]);
        const foreign = owner.alloc(8);
        const error = checkRefused(
          heap,
          () => call(context, foreign),
          InvalidAddressError,
          INVALID,
        );
        expect(error.message).toContain('context "theirs"');
        owner.free(foreign);
        checkRefused(heap, () => call(context, foreign), InvalidAddressError, INVALID);
      }
      const bump = heap.open("theirs", { kind: "bump" }).alloc(8);
      checkRefused(heap, () => call(context, bump), InvalidAddressError, INVALID);
      const child = context.open("child").alloc(8);
      checkRefused(heap, () => call(context, child), InvalidAddressError, INVALID);
    });

    test("C18 refuse objects of another heap, in the same arena or beyond this heap's memory", () => {
      using heap = new Heap();
      using neighbour = new Heap({ arena: heap.arena });
      using stranger = new Heap();
      const context = heap.open("mine", optionsOf[kind]);
      context.alloc(8);
      const inArena = neighbour.open("neighbour").alloc(8);
      checkRefused(heap, () => call(context, inArena), InvalidAddressError, INVALID);
      const far = stranger.open("stranger").alloc(1_000_000);
      checkRefused(heap, () => call(context, far), InvalidAddressError, INVALID);
    });

    test("C18 refuse what was never handed out, anywhere", () => {
      using heap = new Heap();
      const context = heap.open("wild", optionsOf[kind]);
      const addresses = new Set(allocMany(context, 500, 40));
      const random = randomFrom(18);
      for (let count = 0; count < 300; count++) {
        const wild = Math.floor(random() ** 4 * 2 ** 32);
        if (addresses.has(wild)) continue;
        checkRefused(heap, () => call(context, wild), InvalidAddressError, INVALID);
      }
    });

    test.each(notAddresses)("C18 refuse the address %s", (address) => {
      using heap = new Heap();
      const context = heap.open("not a number", optionsOf[kind]);
      expect(context.alloc(8)).toBe(4112);
      const error = checkRefused(heap, () => call(context, address), InvalidAddressError, INVALID);
      expect(error.address).toBe(address);
    });

    test("C18 refuse fractions beside a live object", () => {
      using heap = new Heap();
      const context = heap.open("fraction", optionsOf[kind]);
      const address = context.alloc(8);
      for (const fraction of [
        address + 0.5,
        address - 0.25,
        address + 2 ** 32,
        address - 2 ** 32,
      ]) {
        checkRefused(heap, () => call(context, fraction), InvalidAddressError, INVALID);
      }
    });

    test("C18 refuse addresses from before a reset", () => {
      using heap = new Heap();
      const context = heap.open("reset", optionsOf[kind]);
      const addresses = allocMany(context, 1000, 40);
      context.reset();
      for (const address of [addresses[0], addresses[1], addresses[999]]) {
        checkRefused(heap, () => call(context, address ?? 0), InvalidAddressError, INVALID);
      }
    });

    test("C18 refuse addresses from before a rollback", () => {
      using heap = new Heap();
      const context = heap.open("rollback", optionsOf[kind]);
      context.alloc(40);
      const mark = context.checkpoint();
      const addresses = allocMany(context, 1000, 40);
      context.rollback(mark);
      for (const address of [addresses[0], addresses[1], addresses[999]]) {
        checkRefused(heap, () => call(context, address ?? 0), InvalidAddressError, INVALID);
      }
    });
  });
});

describe("the checks of big objects", () => {
  test("C17 refuse a second free while the pages belong to nobody", () => {
    using heap = new Heap();
    const context = heap.open("big");
    const big = context.alloc(100_000);
    const before = context.alloc(8);
    context.free(big);
    const error = checkRefused(
      heap,
      () => {
        context.free(big);
      },
      DoubleFreeError,
      DOUBLE,
    );
    expect([error.address, error.context]).toEqual([big, "big"]);
    expect(context.sizeOf(before)).toBe(16);
  });

  test("C18 call the freed big object of another context foreign, not freed", () => {
    using heap = new Heap();
    const owner = heap.open("owner");
    const other = heap.open("other");
    const big = owner.alloc(100_000);
    owner.free(big);
    checkRefused(
      heap,
      () => {
        other.free(big);
      },
      InvalidAddressError,
      INVALID,
    );
  });

  test("C18 refuse what a freed big object left, once its pages have another owner", () => {
    using heap = new Heap();
    const context = heap.open("big");
    const other = heap.open("other");
    const big = context.alloc(100_000);
    context.free(big);
    expect(other.alloc(100_000)).toBe(big);
    checkRefused(
      heap,
      () => {
        context.free(big);
      },
      InvalidAddressError,
      INVALID,
    );
  });

  test("C18 refuse the inside of a big object", () => {
    using heap = new Heap();
    const context = heap.open("big");
    const big = context.alloc(100_000);
    for (const offset of [-16, -8, 4, 8, 4096 - 16, 4096, 99_992, 100_000, 200_000]) {
      checkRefused(
        heap,
        () => {
          context.free(big + offset);
        },
        InvalidAddressError,
        INVALID,
      );
    }
  });

  test("C18 accept a big object with its alignment, and refuse what lies before it", () => {
    using heap = new Heap();
    const context = heap.open("big");
    const big = context.alloc(100_000, 4096);
    for (const offset of [-4080, -4096, -8, 8]) {
      checkRefused(
        heap,
        () => {
          context.free(big + offset);
        },
        InvalidAddressError,
        INVALID,
      );
    }
    context.free(big);
    checkRefused(
      heap,
      () => {
        context.free(big);
      },
      DoubleFreeError,
      DOUBLE,
    );
  });
});
