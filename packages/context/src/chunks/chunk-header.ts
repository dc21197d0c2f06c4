/**
 * A process chunk: a span that belongs to one context, in which its objects lie.
 *
 *   offset  0        4            8         12        16
 *           | magic  | byteLength | forward | owner   | objects ...            | free ...        |
 *           base                                      firstObject              highWater         end
 *
 * The header is in the bytes, so that the chain of a context can be walked from the bytes alone: `forward` is the address
 * of the next chunk of the chain (0 in the newest), `owner` the id of the context. The page table has the same facts (OWNER, RUN, NEXT) and
 * those that are needed more often; there is no object for a chunk.
 */
import { type Address, CorruptionError } from "@perfloc/arena";
import {
  DEDICATED_FLAG,
  HIGH_WATER_WORD,
  NEXT_WORD,
  OWNER_ID_MASK,
  OWNER_WORD,
  PAGE_SHIFT,
  PAGE_WORDS_SHIFT,
  PREVIOUS_WORD,
  type Planes,
  RUN_WORD,
  type SpanAllocator,
  isAddress,
  recordAt,
  spanStart,
} from "@perfloc/arena/internal";
import { corruptionHint } from "../errors.js";
import type { ContextNode } from "../tables/context-node.js";

/** Bytes of the header. Objects begin behind it, 16-aligned. */
export const HEADER_BYTES = 16;

/* The module's own copies of imported constants: V8 folds these, while an imported binding is a load from memory each time. */
const PAGES = PAGE_SHIFT;
const RECORDS = PAGE_WORDS_SHIFT;
const OWNER = OWNER_WORD;
const IDS = OWNER_ID_MASK;
const RUN = RUN_WORD;
const HIGH_WATER = HIGH_WATER_WORD;

/** "PFLC" as a little-endian word. */
const MAGIC = 0x434c4650;

const MAGIC_WORD = 0;
const LENGTH_WORD = 1;
const FORWARD_WORD = 2;
const OWNER_ID_WORD = 3;

/** Writes the header of a chunk that nothing follows. */
export function writeHeader(
  spans: SpanAllocator,
  base: Address,
  byteLength: number,
  id: number,
): void {
  const top = spans.chunkOf(base);
  const words = top.i32;
  const at = (base - top.base) >>> 2;
  words[at + MAGIC_WORD] = MAGIC;
  words[at + LENGTH_WORD] = byteLength;
  words[at + FORWARD_WORD] = 0;
  words[at + OWNER_ID_WORD] = id;
}

export function writeForward(spans: SpanAllocator, base: Address, forward: Address): void {
  const top = spans.chunkOf(base);
  if (!top.isLost) top.i32[((base - top.base) >>> 2) + FORWARD_WORD] = forward;
}

export function writeLength(spans: SpanAllocator, base: Address, byteLength: number): void {
  const top = spans.chunkOf(base);
  if (!top.isLost) top.i32[((base - top.base) >>> 2) + LENGTH_WORD] = byteLength;
}

/** Bytes of the chunk at `base`; 0 when its arena was disposed. */
export function chunkBytes({ pages }: Planes, base: Address): number {
  return pages[recordAt(base) | RUN_WORD]! << PAGE_SHIFT;
}

/** The chunk behind the one at `base` in its chain; 0 for none. */
export function nextChunk({ pages }: Planes, base: Address): Address {
  return pages[recordAt(base) | NEXT_WORD]! >>> 0;
}

/** The chunk before the one at `base`; 0 for none. */
export function previousChunk({ pages }: Planes, base: Address): Address {
  return pages[recordAt(base) | PREVIOUS_WORD]! >>> 0;
}

/** Whether the chunk at `base` holds one big object and nothing else. */
export function isDedicated({ pages }: Planes, base: Address): boolean {
  return (pages[recordAt(base) | OWNER_WORD]! & DEDICATED_FLAG) !== 0;
}

/** End of what was ever cut from one of the chunks of a context. */
export function highWaterOf(context: ContextNode, base: Address): Address {
  if (base === context.currentChunk) return context.cursor;
  const highWater = context.planes.pages[recordAt(base) | HIGH_WATER_WORD]! >>> 0;
  // 2^32, the end of the address space, is 0 in a word.
  return highWater === 0 ? 2 ** 32 : highWater;
}

/**
 * Whether a range was ever cut, as a whole, from one chunk of a context; false for what is no address. Every read of a string asks, so
 * it is written out instead of calling `spanStart` and `highWaterOf`: 19 ns instead of 30 for a comparison.
 */
export function hasAllocated(context: ContextNode, address: Address, byteLength: number): boolean {
  if (typeof address !== "number" || address >>> 0 !== address) return false;
  const { id } = context;
  const { pages } = context.planes;
  const at = (address >>> PAGES) << RECORDS;
  if (id === 0 || (pages[at | OWNER]! & IDS) !== id) return false;
  const run = pages[at | RUN]!;
  const first = run > 0 ? at : at + (run << RECORDS);
  const base = (first << (PAGES - RECORDS)) >>> 0;
  const highWater =
    base === context.currentChunk ? context.cursor : pages[first | HIGH_WATER]! >>> 0;
  // 2^32, the end of the address space, is 0 in a word.
  return address - base >= HEADER_BYTES && (address + byteLength <= highWater || highWater === 0);
}

export function setHighWater({ pages }: Planes, base: Address, highWater: Address): void {
  pages[recordAt(base) | HIGH_WATER_WORD] = highWater;
}

/** Id of the context that owns the page around an address; 0 for none, and for what is no address. */
export function ownerIdAt({ pages }: Planes, address: Address): number {
  if (!isAddress(address)) return 0;
  return (pages[((address >>> PAGES) << RECORDS) | OWNER] ?? 0) & IDS;
}

/** The context that owns the page around an address; `undefined` where none does. */
export function ownerAt(
  { planes, table }: Pick<ContextNode, "planes" | "table">,
  address: Address,
): ContextNode | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every context of the table is one
  return table.contexts[ownerIdAt(planes, address)] as ContextNode | undefined;
}

/** The process chunk around an address that a context owns; 0 where none is. */
export function chunkAround(planes: Planes, address: Address): Address {
  if (ownerIdAt(planes, address) === 0) return 0;
  return (spanStart(planes.pages, address >>> PAGE_SHIFT) << PAGE_SHIFT) >>> 0;
}

/** The chunks of a context, oldest first. Stops where the chain goes round in a circle. */
export function chunksOf(context: ContextNode): Address[] {
  const { planes } = context;
  const most = planes.pages.length;
  const bases: Address[] = [];
  for (let base = context.newestChunk; base !== 0; base = previousChunk(planes, base)) {
    bases.push(base);
    if (bases.length > most) reportBadChain(context, base);
  }
  return bases.toReversed();
}

/** @throws CorruptionError when the header in the bytes disagrees with the page table */
export function verifyHeader(context: ContextNode, base: Address): void {
  const { planes, state } = context;
  const top = state.arena.chunkAt(base);
  const words = top.u32;
  const at = (base - top.base) >>> 2;
  const expected = [
    [MAGIC_WORD, MAGIC, "the magic number of a process chunk header was overwritten"],
    [LENGTH_WORD, chunkBytes(planes, base), "the length in a process chunk header was overwritten"],
    [
      FORWARD_WORD,
      nextChunk(planes, base),
      "the forward address in a process chunk header was overwritten",
    ],
    [OWNER_ID_WORD, context.id, "the owner in a process chunk header was overwritten"],
  ] as const;
  for (const [word, value, fact] of expected) {
    if (words[at + word] === value) continue;
    throw new CorruptionError(
      "PERFLOC_CONTEXT_CORRUPT",
      base,
      `${fact} (context "${context.name}")`,
      corruptionHint(state.check),
    );
  }
}

function reportBadChain(context: ContextNode, base: Address): never {
  throw new CorruptionError(
    "PERFLOC_CONTEXT_CORRUPT",
    base,
    `the chain of context "${context.name}" goes round in a circle`,
  );
}
