/**
 * Every kind of byte that there is in the memory of a heap, and whether `verify` checks it. What a check level adds is a list of its
 * own: an entry is a name, where such bytes are, and why they are not checked if they are not.
 *
 *   | header: magic, length, forward, owner | live object ... | link, rest of a freed slot | free ... |
 *   | 0  0                                  | mark 0 0 0 ...  | mark 0 0 ...               | 0 0 0 0  |   marks, beside the bytes
 *
 *   debug, sample: | header | live object, canary | object in quarantine | freed slot | left by a reset | free ... |
 */
import type { Heap } from "@perfloc/typed";
import {
  GRANULE_BYTES,
  type GuardedObject,
  type MappedChunk,
  type MappedSlot,
} from "./chunk-map.js";
import type { FlipTarget } from "./flip-target.js";
import type { Guards } from "./victim.js";

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

function notHandedOut(heap: Heap, chunk: MappedChunk): FlipTarget {
  const { base, byteLength, usedEnd } = chunk;
  return inBytes(heap, chunk, usedEnd, base + byteLength - usedEnd, base);
}

const headerWords: readonly RangeKind[] = HEADER_WORDS.map((word, position) => ({
  name: `${word} of a process chunk header`,
  uncheckedBecause: undefined,
  targetsIn: (heap, chunk) => [
    inBytes(heap, chunk, chunk.base + position * WORD_BYTES, WORD_BYTES, chunk.base),
  ],
}));

/** What every level has, and checks. */
const records: readonly RangeKind[] = [
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
];

/** What no level checks. */
const unchecked: readonly RangeKind[] = [
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
];

/** What the levels without guards cannot check. */
const plain: readonly RangeKind[] = [
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
    targetsIn: (heap, chunk) => [notHandedOut(heap, chunk)],
  },
];

/** Bytes [from, to) of guarded objects, counted from the beginning of each; `to` may lie before `from`. */
function partsOf(
  heap: Heap,
  chunk: MappedChunk,
  isQuarantined: boolean,
  rangeOf: (object: GuardedObject) => readonly [from: number, to: number],
): FlipTarget[] {
  return chunk.guarded
    .filter((object) => object.isQuarantined === isQuarantined)
    .flatMap((object) => {
      const { address } = object;
      const [from, to] = rangeOf(object);
      return to > from ? [inBytes(heap, chunk, address + from, to - from, address)] : [];
    });
}

/** What the levels with guards add, and what they cannot check. */
function guardedKinds({ lookedAtBytes, isDebug }: Guards): readonly RangeKind[] {
  const firstBytes = isDebug ? "" : `, its first ${lookedAtBytes} bytes`;
  const restBytes = `, past its first ${lookedAtBytes} bytes`;
  const tooLong = "sample looks at so many bytes and no more: the loop over them is what costs";
  const added: readonly RangeKind[] = [
    {
      name: `canary behind a live object${firstBytes}`,
      uncheckedBecause: undefined,
      targetsIn: (heap, chunk) =>
        partsOf(heap, chunk, false, ({ byteLength, capacity }) => [
          byteLength,
          Math.min(capacity, byteLength + lookedAtBytes),
        ]),
    },
    {
      name: `object in quarantine${firstBytes}`,
      uncheckedBecause: undefined,
      targetsIn: (heap, chunk) =>
        partsOf(heap, chunk, true, ({ capacity }) => [0, Math.min(capacity, lookedAtBytes)]),
    },
    {
      name: "what a reset left",
      uncheckedBecause: isDebug ? undefined : "sample overwrites nothing at a reset",
      targetsIn: (heap, chunk) => leftByReset(heap, chunk),
    },
    {
      name: "what a live object has of its own",
      uncheckedBecause: "it is the program's to write",
      targetsIn: (heap, chunk) => partsOf(heap, chunk, false, ({ byteLength }) => [0, byteLength]),
    },
    {
      name: "what was not handed out yet",
      uncheckedBecause: "nobody reads it",
      targetsIn: (heap, chunk) => [notHandedOut(heap, chunk)],
    },
  ];
  if (isDebug) return added;
  return [
    ...added,
    {
      name: `canary${restBytes}`,
      uncheckedBecause: tooLong,
      targetsIn: (heap, chunk) =>
        partsOf(heap, chunk, false, ({ byteLength, capacity }) => [
          byteLength + lookedAtBytes,
          capacity,
        ]),
    },
    {
      name: `object in quarantine${restBytes}`,
      uncheckedBecause: tooLong,
      targetsIn: (heap, chunk) =>
        partsOf(heap, chunk, true, ({ capacity }) => [lookedAtBytes, capacity]),
    },
  ];
}

/** Byte by byte, since `verify` names the very one. */
function leftByReset(heap: Heap, chunk: MappedChunk): FlipTarget[] {
  if (chunk.leftByReset === undefined) return [];
  const { start, end } = chunk.leftByReset;
  return Array.from({ length: end - start }, (_, at) =>
    inBytes(heap, chunk, start + at, 1, start + at),
  );
}

/** All kinds of a level. */
export function rangeKindsOf(guards: Guards | undefined): readonly RangeKind[] {
  return [...records, ...unchecked, ...(guards === undefined ? plain : guardedKinds(guards))];
}
