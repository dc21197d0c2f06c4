/**
 * Every kind of word and byte that there is in the memory and the planes of a heap, and whether `verify` checks it. What a check level adds
 * is a list of its own: an entry is a name, where such bytes are, and why they are not checked if they are not.
 *
 *   bytes    | header: magic, length, forward, owner | live object ... | freed slot ... | free ... |
 *   cells    | stale                                 | tag|class stale | link stale ... | stale    |
 *   pages    | owner, run, next, previous, high-water mark, asked | of inner pages: owner, run
 *   records  | owner, heads of free lists | fields of a context in use: not in use
 *
 *   debug, sample: | header | live object, canary | object in quarantine | freed slot | left by a reset | free ... |
 */
import type { Heap } from "@perfloc/typed";
import type { GuardedObject, MappedChunk, MappedSlot } from "./chunk-map.js";
import type { FlipTarget } from "./flip-target.js";
import { planeKinds } from "./plane-kinds.js";
import type { SlotState } from "./freed-slots.js";
import type { RangeKind } from "./range-kind.js";
import type { Guards } from "./victim.js";

const WORD_BYTES = 4;
const HEADER_WORDS = ["magic number", "length", "forward address", "owner"] as const;

interface ChunkKind extends Omit<RangeKind, "namesContext" | "targetsIn"> {
  targetsIn(heap: Heap, chunk: MappedChunk): readonly FlipTarget[];
}

/** A kind whose bytes lie in process chunks: damage there is that of a context. */
function inChunks(kind: ChunkKind): RangeKind {
  return {
    ...kind,
    namesContext: true,
    targetsIn: (heap, chunks) => chunks.flatMap((chunk) => kind.targetsIn(heap, chunk)),
  };
}

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

function slotsOf(chunk: MappedChunk, state: SlotState): readonly MappedSlot[] {
  return chunk.slots.filter((slot) => slot.state === state);
}

function notHandedOut(heap: Heap, chunk: MappedChunk): FlipTarget {
  const { base, byteLength, usedEnd } = chunk;
  return inBytes(heap, chunk, usedEnd, base + byteLength - usedEnd, base);
}

const headerWords: readonly ChunkKind[] = HEADER_WORDS.map((word, position) => ({
  name: `${word} of a process chunk header`,
  uncheckedBecause: undefined,
  targetsIn: (heap, chunk) => [
    inBytes(heap, chunk, chunk.base + position * WORD_BYTES, WORD_BYTES, chunk.base),
  ],
}));

/** What no level checks. */
const unchecked: readonly ChunkKind[] = [
  {
    name: "freed slot",
    uncheckedBecause: "its link lies in its cell, and a new object is written before it is read",
    targetsIn: (heap, chunk) =>
      slotsOf(chunk, "freed").map(({ address, byteLength }) =>
        inBytes(heap, chunk, address, byteLength, address),
      ),
  },
];

/** What the levels without guards cannot check. */
const plain: readonly ChunkKind[] = [
  {
    name: "live object",
    uncheckedBecause: "it is the program's to write",
    targetsIn: (heap, chunk) =>
      slotsOf(chunk, "live").map(({ address, byteLength }) =>
        inBytes(heap, chunk, address, byteLength, address),
      ),
  },
  {
    name: "object that was freed under a checkpoint",
    uncheckedBecause: "it is the program's again after a rollback",
    targetsIn: (heap, chunk) =>
      slotsOf(chunk, "deferred").map(({ address, byteLength }) =>
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
function guardedKinds({ lookedAtBytes, isDebug }: Guards): readonly ChunkKind[] {
  const firstBytes = isDebug ? "" : `, its first ${lookedAtBytes} bytes`;
  const restBytes = `, past its first ${lookedAtBytes} bytes`;
  const tooLong = "sample looks at so many bytes and no more: the loop over them is what costs";
  const added: readonly ChunkKind[] = [
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
  const ofLevel = guards === undefined ? plain : guardedKinds(guards);
  return [...[...headerWords, ...unchecked, ...ofLevel].map(inChunks), ...planeKinds];
}
