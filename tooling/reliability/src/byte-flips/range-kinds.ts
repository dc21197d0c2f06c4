/**
 * Every kind of byte that there is in the memory of a heap, and whether `verify` checks it. To be extended with what a check
 * level adds: an entry is a name, where such bytes are, and why they are not checked if they are not.
 *
 *   | header: magic, length, forward, owner | live object ... | link, rest of a freed slot | free ... |
 *   | 0  0                                  | mark 0 0 0 ...  | mark 0 0 ...               | 0 0 0 0  |   marks, beside the bytes
 */
import type { Heap } from "@perfloc/typed";
import { GRANULE_BYTES, type MappedChunk, type MappedSlot } from "./chunk-map.js";
import type { FlipTarget } from "./flip-target.js";

export interface RangeKind {
  readonly name: string;
  /** Why flips here go unnoticed; `undefined` when each of them must be found. */
  readonly uncheckedBecause: string | undefined;
  targetsIn(heap: Heap, chunk: MappedChunk): readonly FlipTarget[];
}

const WORD_BYTES = 4;
const HEADER_WORDS = ["magic number", "length", "forward address", "owner"] as const;

/** Bytes in the memory itself. */
function inBytes(
  heap: Heap,
  { context }: MappedChunk,
  start: number,
  byteLength: number,
  address: number,
): FlipTarget {
  const { u8, base } = heap.arena.chunkAt(start);
  return { bytes: u8, offset: start - base, byteLength, contextName: context.name, address };
}

/** The marks of a range of addresses, each for itself. */
function marksOf(
  heap: Heap,
  { context }: MappedChunk,
  start: number,
  end: number,
  address = start,
): FlipTarget[] {
  const { marks, base } = heap.arena.chunkAt(start);
  const targets: FlipTarget[] = [];
  for (let at = start; at < end; at += GRANULE_BYTES) {
    const offset = (at - base) / GRANULE_BYTES;
    targets.push({ bytes: marks, offset, byteLength: 1, contextName: context.name, address });
  }
  return targets;
}

function slotsOf(chunk: MappedChunk, isLive: boolean): readonly MappedSlot[] {
  return chunk.slots.filter((slot) => slot.isLive === isLive);
}

const headerWords: readonly RangeKind[] = HEADER_WORDS.map((word, position) => ({
  name: `${word} of a process chunk header`,
  uncheckedBecause: undefined,
  targetsIn: (heap, chunk) => [
    inBytes(heap, chunk, chunk.base + position * WORD_BYTES, WORD_BYTES, chunk.base),
  ],
}));

export const rangeKinds: readonly RangeKind[] = [
  ...headerWords,
  {
    name: "link in a freed slot",
    uncheckedBecause: undefined,
    targetsIn: (heap, chunk) =>
      slotsOf(chunk, false).map(({ address }) =>
        inBytes(heap, chunk, address, WORD_BYTES, address),
      ),
  },
  {
    name: "mark of a live object: class, and whether it lives",
    uncheckedBecause: undefined,
    targetsIn: (heap, chunk) =>
      slotsOf(chunk, true).flatMap(({ address }) =>
        marksOf(heap, chunk, address, address + GRANULE_BYTES),
      ),
  },
  {
    name: "mark of a freed slot",
    uncheckedBecause: undefined,
    targetsIn: (heap, chunk) =>
      slotsOf(chunk, false).flatMap(({ address }) =>
        marksOf(heap, chunk, address, address + GRANULE_BYTES),
      ),
  },
  {
    name: "mark inside a slot, where none may be",
    uncheckedBecause: undefined,
    targetsIn: (heap, chunk) =>
      chunk.slots.flatMap(({ address, byteLength }) =>
        marksOf(heap, chunk, address + GRANULE_BYTES, address + byteLength, address),
      ),
  },
  {
    name: "rest of a freed slot",
    uncheckedBecause: "nobody reads it: a new object is written before it is read",
    targetsIn: (heap, chunk) =>
      slotsOf(chunk, false)
        .filter(({ byteLength }) => byteLength > WORD_BYTES)
        .map(({ address, byteLength }) =>
          inBytes(heap, chunk, address + WORD_BYTES, byteLength - WORD_BYTES, address),
        ),
  },
  {
    name: "live object",
    uncheckedBecause: "it is the program's to write",
    targetsIn: (heap, chunk) =>
      slotsOf(chunk, true).map(({ address, byteLength }) =>
        inBytes(heap, chunk, address, byteLength, address),
      ),
  },
  {
    name: "what was not handed out yet, and the bytes of a bump context",
    uncheckedBecause: "nobody reads the one, and the other has no objects to tell apart",
    targetsIn: (heap, chunk) => [
      inBytes(
        heap,
        chunk,
        chunk.slotsEnd,
        chunk.base + chunk.byteLength - chunk.slotsEnd,
        chunk.base,
      ),
    ],
  },
];
