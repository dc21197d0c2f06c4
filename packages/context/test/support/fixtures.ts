/** What the tests of this package share: kinds, check levels, patterns of bytes, refusals, the header of a process chunk. */
import {
  type Address,
  type CheckLevel,
  type ContextKind,
  type ContextOptions,
  type ContextStats,
  type Heap,
  type MemoryContext,
  PAGE_BYTES,
  PerflocError,
} from "@perfloc/context";
import { expect } from "vitest";

export const checkLevels: readonly CheckLevel[] = ["check", "off"];

/** The levels that guard objects; with `sampleEvery: 1` all of them do. */
export const guardedLevels: readonly CheckLevel[] = ["debug", "sample"];

/** Slots of the slab that stands for its kind. */
export const SLOT_BYTES = 64;

/** How a context of each kind is opened. */
export const optionsOf: Readonly<Record<ContextKind, ContextOptions>> = {
  allocset: { kind: "allocset" },
  bump: { kind: "bump" },
  slab: { kind: "slab", slotBytes: SLOT_BYTES },
};

export const kinds: readonly ContextKind[] = ["allocset", "bump", "slab"];

/** Kinds whose objects can be freed one by one. */
export const freeingKinds: readonly ContextKind[] = ["allocset", "slab"];

/** Bytes of every process chunk header. */
const HEADER_BYTES = 16;

/** The longest object that shares a process chunk with others. */
export const LARGEST_SMALL_BYTES = 32_768;

/** Writes bytes that only this seed gives. */
export function fill(
  context: MemoryContext,
  address: Address,
  byteLength: number,
  seed: number,
): void {
  const bytes = context.bytes(address, byteLength);
  for (let offset = 0; offset < byteLength; offset++)
    bytes[offset] = (seed * 31 + offset * 7) & 255;
}

/** Whether the first bytes of an object are those that `fill` wrote. */
export function isFilled(
  context: MemoryContext,
  address: Address,
  byteLength: number,
  seed: number,
): boolean {
  return context
    .bytes(address, byteLength)
    .every((byte, offset) => byte === ((seed * 31 + offset * 7) & 255));
}

/** What a call throws; fails when it throws nothing. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return expect.fail("nothing was thrown");
}

type ErrorClass<E extends PerflocError> = abstract new (...args: never[]) => E;

/** Expects a call to throw exactly this class with this code, and answers what was thrown. */
export function checkThrows<E extends PerflocError>(
  call: () => unknown,
  errorClass: ErrorClass<E>,
  code: string,
): E {
  const error = thrownBy(call);
  if (!(error instanceof errorClass)) {
    return expect.fail(`expected ${errorClass.name}, got ${String(error)}`);
  }
  expect(error.constructor).toBe(errorClass);
  expect(error.name).toBe(errorClass.name);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(/^\S.*\S$/);
  expect(error.hint).toMatch(/\.$/);
  return error;
}

/** As `checkThrows`, and the heap must be as it was: same figures, sound records. */
export function checkRefused<E extends PerflocError>(
  heap: Heap,
  call: () => unknown,
  errorClass: ErrorClass<E>,
  code: string,
): E {
  const before = heap.stats();
  const error = checkThrows(call, errorClass, code);
  expect(heap.stats()).toEqual(before);
  heap.verify();
  return error;
}

/** Expects the equations between the figures of a heap that has its arena for itself, and sound records. */
export function checkSound(heap: Heap): void {
  heap.verify();
  const stats = heap.stats();
  expect(stats.usedBytes).toBe(stats.liveBytes + stats.freeBytes + stats.headerBytes);
  expect(stats.usedBytes).toBe(stats.arena.usedBytes);
  expect(stats.heldBytes).toBe(stats.arena.heldBytes);
  expect(stats.processChunks).toBe(stats.arena.spanCount);
  expect(stats.contexts).toBe(
    stats.children.reduce((sum, child) => sum + child.subtreeContexts, 0),
  );
  const pending = [...stats.children];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    checkContextFigures(at);
    pending.push(...at.children);
  }
}

function checkContextFigures(stats: ContextStats): void {
  const { children } = stats;
  expect(stats.usedBytes).toBe(stats.liveBytes + stats.freeBytes + stats.headerBytes);
  expect(stats.headerBytes).toBe(stats.processChunks * HEADER_BYTES);
  expect(stats.subtreeUsedBytes).toBe(
    stats.usedBytes + children.reduce((sum, child) => sum + child.subtreeUsedBytes, 0),
  );
  expect(stats.subtreeLiveBytes).toBe(
    stats.liveBytes + children.reduce((sum, child) => sum + child.subtreeLiveBytes, 0),
  );
  expect(stats.subtreeContexts).toBe(
    1 + children.reduce((sum, child) => sum + child.subtreeContexts, 0),
  );
}

/** Expects that nothing is in use: every span went back. */
export function checkEmpty(heap: Heap): void {
  const { usedBytes, spanCount } = heap.arena.stats();
  expect({ usedBytes, spanCount }).toEqual({ usedBytes: 0, spanCount: 0 });
  heap.verify();
}

/** A process chunk header, as it lies in the bytes. */
export interface ChunkHeader {
  readonly base: Address;
  readonly magic: number;
  readonly byteLength: number;
  readonly forward: Address;
  readonly owner: number;
}

/** The header at the start of a process chunk. */
export function headerAt(heap: Heap, base: Address): ChunkHeader {
  const words = heap.arena.chunkAt(base).u32;
  const word = wordOf(heap, base);
  return {
    base,
    magic: words[word] ?? 0,
    byteLength: words[word + 1] ?? 0,
    forward: words[word + 2] ?? 0,
    owner: words[word + 3] ?? 0,
  };
}

/** The chain from a process chunk on, walked by the forward addresses in the bytes. */
export function chainFrom(heap: Heap, base: Address): ChunkHeader[] {
  const headers: ChunkHeader[] = [];
  for (let at = base; at !== 0; at = headerAt(heap, at).forward) {
    headers.push(headerAt(heap, at));
    if (headers.length > 10_000) expect.fail("the chain does not end");
  }
  return headers;
}

/** Where the process chunk of a context's first object begins. */
export function pageOf(address: Address): Address {
  return address - (address % PAGE_BYTES);
}

/** Index of the 32-bit word at an address, in the typed arrays of its top chunk. */
function wordOf(heap: Heap, address: Address): number {
  return (address - heap.arena.chunkAt(address).base) / 4;
}

/** Overwrites a byte behind the back of the heap, as a stray write does. */
export function poke(heap: Heap, address: Address, value: number): void {
  const { u8, base } = heap.arena.chunkAt(address);
  u8[address - base] = value;
}

/** What the cell of a freed slot has beside its link: see src/slots/cells.ts. */
const FREED = 0x8000_0000 | 0;

/** The cell of a freed slot whose list goes on with the slot at an address; 0 for none. */
export function linkTo(address: Address): number {
  return FREED | (address >>> 4);
}

/** The cell of the granule at an address. */
export function cellAt(heap: Heap, address: Address): number {
  return heap.arena.planes.cells[address >>> 4]!;
}

/** Overwrites the cell of the granule at an address, as damage of the planes does. */
export function damageCell(heap: Heap, address: Address, cell: number): void {
  heap.arena.planes.cells[address >>> 4] = cell;
}

/** Opens contexts inside each other and answers the outermost and the innermost. */
export function openNested(
  heap: Heap,
  depth: number,
): { readonly top: MemoryContext; readonly bottom: MemoryContext } {
  const top = heap.open("level");
  let bottom = top;
  for (let level = 1; level < depth; level++) bottom = bottom.open("level");
  return { top, bottom };
}

/** Allocates `count` objects of `byteLength`. */
export function allocMany(context: MemoryContext, count: number, byteLength: number): Address[] {
  return Array.from({ length: count }, () => context.alloc(byteLength));
}
