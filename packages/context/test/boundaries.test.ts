/** What happens exactly at a boundary: the last length of a kind of object, the last bytes of a chunk, the last of what is remembered. */
import {
  CorruptionError,
  DoubleFreeError,
  Heap,
  InvalidAddressError,
  InvalidParentError,
  type MemoryContext,
  PAGE_BYTES,
} from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  LARGEST_SMALL_BYTES,
  checkLevels,
  checkRefused,
  checkSound,
  checkThrows,
  damageCell,
  kinds,
  linkTo,
  optionsOf,
} from "./support/fixtures.js";

const DOUBLE_FREE = "PERFLOC_CONTEXT_DOUBLE_FREE";
const INVALID = "PERFLOC_CONTEXT_INVALID_ADDRESS";
const CORRUPTED = "PERFLOC_CONTEXT_CORRUPT";

/** Allocates objects of 16 bytes until so many bytes are left in the first chunk of a context. */
function leaveBytes(context: MemoryContext, left: number): void {
  const first = context.alloc(16);
  const end = (Math.floor(first / PAGE_BYTES) + 1) * PAGE_BYTES;
  for (let address = first; address + 16 < end - left;) address = context.alloc(16);
}

describe.each(checkLevels)("boundaries, check level %s", (check) => {
  test("C26 the largest object of a slot and the smallest big one", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    const slot = context.alloc(LARGEST_SMALL_BYTES);
    expect(context.sizeOf(slot)).toBe(LARGEST_SMALL_BYTES);
    const big = context.alloc(LARGEST_SMALL_BYTES + 1);
    expect(context.sizeOf(big)).toBeGreaterThan(LARGEST_SMALL_BYTES + 8);
    expect(context.realloc(big, LARGEST_SMALL_BYTES)).toBe(big);
    expect(context.realloc(big, PAGE_BYTES + 1)).toBe(big);
    expect(context.sizeOf(context.realloc(big, PAGE_BYTES))).toBe(PAGE_BYTES);
    checkSound(heap);
  });

  test("C26 the largest object that shares a chunk of a bump context", () => {
    using heap = new Heap({ check });
    const context = heap.open("a", optionsOf.bump);
    const shared = context.alloc(LARGEST_SMALL_BYTES);
    expect(context.alloc(8)).toBe(shared + LARGEST_SMALL_BYTES);
    checkSound(heap);
  });

  test.each(["allocset", "bump"] as const)(
    "C7 C23 an aligned object takes the last bytes of the chunk of a %s",
    (kind) => {
      using heap = new Heap({ check });
      const context = heap.open("a", optionsOf[kind]);
      leaveBytes(context, 128);
      const last = context.alloc(128, 128);
      expect((last + 128) % PAGE_BYTES).toBe(0);
      expect(context.stats().processChunks).toBe(1);
      context.alloc(8, 64);
      expect(context.stats().processChunks).toBe(2);
      context.alloc(8, 64);
      expect(context.stats().processChunks).toBe(2);
      checkSound(heap);
    },
  );

  test("C20 the newest slot grows into the last bytes of its chunk, and not beyond", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    leaveBytes(context, 48);
    const last = context.alloc(16);
    expect(context.realloc(last, 48)).toBe(last);
    expect((last + 48) % PAGE_BYTES).toBe(0);
    expect(context.stats().processChunks).toBe(1);
    expect(context.realloc(last, 64)).not.toBe(last);
    checkSound(heap);
  });

  test("C20 an object that keeps half of its slot stays, one that keeps less does not", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    const address = context.alloc(128);
    expect(context.realloc(address, 64)).toBe(address);
    expect(context.sizeOf(context.realloc(address, 48))).toBe(48);
  });

  test("C38 a big object older than a mark keeps its address up to its very length", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    const big = context.alloc(100_000);
    const mark = context.checkpoint();
    const byteLength = context.sizeOf(big);
    expect(context.realloc(big, byteLength)).toBe(big);
    expect(context.realloc(big, byteLength + 1)).not.toBe(big);
    context.rollback(mark);
    expect(context.sizeOf(big)).toBe(byteLength);
    checkSound(heap);
  });

  test("C15 a big object that is younger than a mark gives its chunk back at once", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    context.alloc(8);
    const mark = context.checkpoint();
    const { usedBytes, processChunks } = context.stats();
    context.free(context.alloc(100_000));
    expect(context.stats()).toMatchObject({ usedBytes, processChunks });
    context.rollback(mark);
    checkSound(heap);
  });

  test("C17 of big objects the last 1,024 that were freed are remembered", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    const addresses = Array.from({ length: 1025 }, () => context.alloc(40_000));
    const [first = 0, second = 0] = addresses;
    context.free(first);
    context.free(second);
    checkRefused(heap, () => context.free(first), DoubleFreeError, DOUBLE_FREE);
    for (const address of addresses.slice(2, 1024)) context.free(address);
    checkRefused(heap, () => context.free(first), DoubleFreeError, DOUBLE_FREE);
    const last = addresses[1024]!;
    context.free(last);
    checkRefused(heap, () => context.free(last), DoubleFreeError, DOUBLE_FREE);
    checkRefused(heap, () => context.free(first), InvalidAddressError, INVALID);
  });

  test("C17 C29 after a reset a big object that was freed before is no double free", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    const big = context.alloc(40_000);
    context.free(big);
    context.reset();
    checkRefused(heap, () => context.free(big), InvalidAddressError, INVALID);
  });

  test("C18 says whether an address lies where nothing was allocated, or inside", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    const first = context.alloc(64);
    const messageOf = (address: number): string =>
      checkThrows(() => context.sizeOf(address), InvalidAddressError, INVALID).message;
    expect(messageOf(first - 8)).toContain("outside what was allocated");
    expect(messageOf(first - 16)).toContain("outside what was allocated");
    expect(messageOf(first + 8)).toContain("begins no object");
    expect(messageOf(first + 48)).toContain("begins no object");
    expect(messageOf(first + 56)).toContain("begins no object");
    expect(messageOf(first + 64)).toContain("outside what was allocated");
    expect(messageOf(first + 72)).toContain("outside what was allocated");
  });

  test("C20 C29 a rollback to a mark without chunks forgets the first chunk, any other keeps it for the reset", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    const empty = context.checkpoint();
    context.alloc(5000);
    context.rollback(empty);
    expect(context.stats().processChunks).toBe(0);
    const first = context.alloc(8);
    const mark = context.checkpoint();
    for (let count = 0; count < 10; count++) context.alloc(5000);
    context.rollback(mark);
    context.reset();
    expect(context.stats().processChunks).toBe(1);
    expect(context.alloc(8)).toBe(first);
    checkSound(heap);
  });

  test.each(kinds)("C23 the last chunk below the cap of a %s has the cap", (kind) => {
    using heap = new Heap({ check });
    const context = heap.open("a", { ...optionsOf[kind], maxChunkBytes: 12_288 });
    const used: number[] = [];
    while (context.stats().processChunks < 4) {
      context.alloc(64);
      used[context.stats().processChunks] = context.stats().usedBytes;
    }
    expect(used.slice(1)).toEqual([
      4096,
      4096 + 8192,
      4096 + 8192 + 12_288,
      4096 + 8192 + 2 * 12_288,
    ]);
  });

  test("C28 after the planned length its half is tried", () => {
    using heap = new Heap({ check });
    const context = heap.open("a", { initialBytes: 65_536 });
    context.setLimit(40_000);
    context.alloc(8);
    expect(context.stats().usedBytes).toBe(32_768);
  });

  test("C7 C23 a slab with aligned slots fills its chunk with them", () => {
    using heap = new Heap({ check });
    const context = heap.open("a", { kind: "slab", slotBytes: 48 });
    const perChunk = (PAGE_BYTES - 16) / 48;
    for (let count = 0; count < perChunk; count++) context.alloc(48, 16);
    expect(context.stats().processChunks).toBe(1);
    context.alloc(48, 16);
    expect(context.stats().processChunks).toBe(2);
  });

  test.each([
    ["a live object", (live: number) => live],
    ["the inside of an object", (live: number) => live + 16],
    ["where nothing ever was", () => 2 ** 32 - 16],
  ])("C57 C59 a link that leads to %s is found, by allocations too", (_where, target) => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    const live = context.alloc(32);
    const last = context.alloc(32);
    const newest = context.alloc(32);
    context.free(last);
    context.free(newest);
    damageCell(heap, newest, linkTo(target(live)));
    const error = checkThrows(() => heap.verify(), CorruptionError, CORRUPTED);
    expect(error.message).toContain(`leads to ${target(live)}, which is no freed object`);
    expect(error.address).toBe(newest);
    expect(context.alloc(32)).toBe(newest);
    checkThrows(() => context.alloc(32), CorruptionError, CORRUPTED);
  });

  test("C57 a link that leads to another context's freed object is found", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    const other = heap.open("b");
    const stranger = other.alloc(32);
    other.free(stranger);
    const freed = context.alloc(32);
    context.free(freed);
    damageCell(heap, freed, linkTo(stranger));
    const error = checkThrows(() => heap.verify(), CorruptionError, CORRUPTED);
    expect(error.message).toContain(`leads to ${stranger}, which is no freed object`);
  });

  test("C54 the message about NULL says so, and that about a strange parent names it", () => {
    using heap = new Heap({ check });
    using another = new Heap({ check });
    const context = heap.open("a");
    const nowhere = checkThrows(() => context.sizeOf(0), InvalidAddressError, INVALID);
    expect(nowhere.message).toContain("points nowhere");
    const wrongParent = "PERFLOC_CONTEXT_INVALID_PARENT";
    const below = another.open("strange");
    const namesIt = checkThrows(() => context.setParent(below), InvalidParentError, wrongParent);
    expect(namesIt.message).toContain('"strange"');
    const isHeap = checkThrows(() => context.setParent(another), InvalidParentError, wrongParent);
    expect(isHeap.message).toContain('"heap"');
  });

  test("C62 what the layers above ask: whether there are checks and marks, and a lifetime of each context's own", () => {
    using heap = new Heap({ check });
    const context = heap.open("a");
    expect(context.isChecked).toBe(check !== "off");
    expect(heap.isChecked).toBe(check !== "off");
    expect(heap.state.checksAccess).toBe(false);
    using debugged = new Heap({ check: "debug" });
    expect(debugged.state.checksAccess).toBe(true);
    expect(context.hasMarks).toBe(false);
    const mark = context.checkpoint();
    expect(context.hasMarks).toBe(true);
    const sinceReset = context.lifetimeSinceReset;
    expect(context.lifetimeSinceReset).toBe(sinceReset);
    const ofAnother = heap.open("b").lifetimeSinceReset;
    expect(ofAnother).not.toBe(sinceReset);
    context.rollback(mark);
    expect(sinceReset.isOver).toBe(false);
    context.reset();
    expect([sinceReset.isOver, ofAnother.isOver]).toEqual([true, false]);
  });
});
