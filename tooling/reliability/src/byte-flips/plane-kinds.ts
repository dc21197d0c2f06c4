/** The words of the planes: cells, records of pages, records of contexts. */
import { type Address, type Heap, MemoryContext, PAGE_BYTES } from "@perfloc/typed";
import type { MappedChunk } from "./chunk-map.js";
import type { FlipTarget } from "./flip-target.js";
import { hasSlots, type SlotState } from "./freed-slots.js";
import {
  ASKED_WORD,
  bytesOfWord,
  cellAt,
  FREE_LINK,
  GRANULE_BYTES,
  HEADS,
  HIGH_WATER_WORD,
  meaningOf,
  NEXT_WORD,
  OWNER_STATE,
  OWNER_WORD,
  PAGE_WORDS,
  pageWordAt,
  PREVIOUS_WORD,
  RECORD_WORDS,
  REMOTE_HEAD,
  RUN_WORD,
  tagsOf,
} from "../planes.js";
import type { RangeKind } from "./range-kind.js";

const STALE =
  "a cell means something only where it has the tag of its context, or is on a list. Found when it becomes one";
const NOT_IN_USE = "nobody reads it";

function wordOf(
  plane: Int32Array,
  index: number,
  contextName: string,
  address: Address,
): FlipTarget {
  const bytes = bytesOfWord(plane, index);
  return { bytes, offset: 0, byteLength: bytes.length, contextName, address };
}

function cellOf({ arena }: Heap, { context }: MappedChunk, at: Address, named = at): FlipTarget {
  return wordOf(arena.planes.cells, at / GRANULE_BYTES, context.name, named);
}

/** The cells of the slots in one state. */
function cellsOfSlots(heap: Heap, chunks: readonly MappedChunk[], state: SlotState): FlipTarget[] {
  return chunks.flatMap((chunk) =>
    chunk.slots
      .filter((slot) => slot.state === state)
      .map(({ address }) => cellOf(heap, chunk, address)),
  );
}

/** The cells of slots behind the first one: those that note an alignment, or the others. */
function cellsInside(heap: Heap, chunks: readonly MappedChunk[], areNotes: boolean): FlipTarget[] {
  return chunks.flatMap((chunk) => {
    const tags = tagsOf(chunk.context);
    return chunk.slots.flatMap(({ address, byteLength }) => {
      const targets: FlipTarget[] = [];
      // Of a big object as many as of others: there are thousands.
      const end = address + Math.min(byteLength, PAGE_BYTES);
      for (let at = address + GRANULE_BYTES; at < end; at += GRANULE_BYTES) {
        const isNote = meaningOf(cellAt(heap, at), tags) === "note";
        if (isNote === areNotes) targets.push(cellOf(heap, chunk, at, address));
      }
      return targets;
    });
  });
}

/** Words of the record of the page at an address. */
function pageWords(
  { arena }: Heap,
  contextName: string,
  page: Address,
  words: readonly number[],
): FlipTarget[] {
  const first = (page / PAGE_BYTES) * PAGE_WORDS;
  return words.map((word) => wordOf(arena.planes.pages, first + word, contextName, page));
}

/** Words of the records of the first pages of those chunks that are wanted. */
function firstPageWords(
  words: readonly number[],
  isWanted: (chunk: MappedChunk) => boolean = () => true,
): RangeKind["targetsIn"] {
  return (heap, chunks) =>
    chunks
      .filter((chunk) => isWanted(chunk))
      .flatMap(({ base, context }) => pageWords(heap, context.name, base, words));
}

function innerPageWords(
  heap: Heap,
  chunks: readonly MappedChunk[],
  words: readonly number[],
): FlipTarget[] {
  return chunks.flatMap(({ base, byteLength, context }) => {
    const targets: FlipTarget[] = [];
    for (let page = base + PAGE_BYTES; page < base + byteLength; page += PAGE_BYTES)
      targets.push(...pageWords(heap, context.name, page, words));
    return targets;
  });
}

/** Words of the records of pages that no process chunk has. */
function freePageWords(heap: Heap, words: readonly number[]): FlipTarget[] {
  return heap.arena.chunks
    .filter(({ isHeld }) => isHeld)
    .flatMap(({ base, byteLength }) => {
      const targets: FlipTarget[] = [];
      for (let page = base; page < base + byteLength; page += PAGE_BYTES) {
        if (pageWordAt(heap, page, RUN_WORD) === 0)
          targets.push(...pageWords(heap, "", page, words));
      }
      return targets;
    });
}

/** Words of the records of contexts that are wanted; `context` is the one that has the record. */
function recordWords(
  { state }: Heap,
  isWanted: (word: number, context: MemoryContext | undefined) => boolean,
): FlipTarget[] {
  const { records, contexts } = state.table;
  const targets: FlipTarget[] = [];
  for (let id = 1; id < contexts.length; id++) {
    const holder: unknown = contexts[id];
    const context = holder instanceof MemoryContext ? holder : undefined;
    for (let word = 0; word < RECORD_WORDS; word++) {
      if (isWanted(word, context))
        targets.push(wordOf(records, id * RECORD_WORDS + word, context?.name ?? "", 0));
    }
  }
  return targets;
}

/** Whether `verify` can know what a word of a record must be. */
function isRecordFact(word: number, context: MemoryContext | undefined): boolean {
  if (word === OWNER_STATE || word === REMOTE_HEAD) return true;
  if (context === undefined) return word === FREE_LINK;
  return word >= HEADS && hasSlots(context, word - HEADS);
}

export const planeKinds: readonly RangeKind[] = [
  {
    name: "cell of a live object: tag, class, guarded or not",
    uncheckedBecause: undefined,
    namesContext: true,
    targetsIn: (heap, chunks) => cellsOfSlots(heap, chunks, "live"),
  },
  {
    name: "cell of a freed slot: link",
    uncheckedBecause: undefined,
    namesContext: true,
    targetsIn: (heap, chunks) => cellsOfSlots(heap, chunks, "freed"),
  },
  {
    name: "cell of an object that was freed under a checkpoint",
    uncheckedBecause: undefined,
    namesContext: true,
    targetsIn: (heap, chunks) => cellsOfSlots(heap, chunks, "deferred"),
  },
  {
    name: "record of a page: owner and run of process chunks",
    uncheckedBecause: undefined,
    namesContext: false,
    targetsIn: (heap, chunks) => [
      ...firstPageWords([OWNER_WORD, RUN_WORD])(heap, chunks),
      ...innerPageWords(heap, chunks, [OWNER_WORD, RUN_WORD]),
    ],
  },
  {
    name: "record of a page: next and previous process chunk",
    uncheckedBecause: undefined,
    namesContext: false,
    targetsIn: firstPageWords([NEXT_WORD, PREVIOUS_WORD]),
  },
  {
    name: "record of a page: high-water mark, where objects have cells",
    uncheckedBecause: undefined,
    namesContext: false,
    targetsIn: firstPageWords(
      [HIGH_WATER_WORD],
      ({ isCurrent, context }) => !isCurrent && context.kind !== "bump",
    ),
  },
  {
    name: "record of a free page: owner and run",
    uncheckedBecause: undefined,
    namesContext: false,
    targetsIn: (heap) => freePageWords(heap, [OWNER_WORD, RUN_WORD]),
  },
  {
    name: "record of a context: owner, heads of free lists, link of a free one",
    uncheckedBecause: undefined,
    namesContext: false,
    targetsIn: (heap) => recordWords(heap, isRecordFact),
  },
  {
    name: "cell inside a slot",
    isPartlyFound: true,
    uncheckedBecause: STALE,
    namesContext: false,
    targetsIn: (heap, chunks) => cellsInside(heap, chunks, false),
  },
  {
    name: "cell of a process chunk header, and of what was not handed out",
    uncheckedBecause: NOT_IN_USE,
    namesContext: false,
    targetsIn: (heap, chunks) =>
      chunks.flatMap((chunk) => {
        const { base, byteLength, usedEnd } = chunk;
        const end = Math.min(base + byteLength, usedEnd + PAGE_BYTES);
        const targets = [cellOf(heap, chunk, base)];
        for (
          let at = usedEnd + ((base - usedEnd) & (GRANULE_BYTES - 1));
          at < end;
          at += GRANULE_BYTES
        )
          targets.push(cellOf(heap, chunk, at));
        return targets;
      }),
  },
  {
    name: "cell that notes an alignment",
    isPartlyFound: true,
    uncheckedBecause: "nothing repeats it; without it `realloc` aligns as by default",
    namesContext: false,
    targetsIn: (heap, chunks) => cellsInside(heap, chunks, true),
  },
  {
    name: "record of a page: high-water mark of a bump context's older chunk",
    isPartlyFound: true,
    uncheckedBecause:
      "nothing repeats it: such objects have no cells. Found when it leaves the chunk",
    namesContext: false,
    targetsIn: firstPageWords(
      [HIGH_WATER_WORD],
      ({ isCurrent, context }) => !isCurrent && context.kind === "bump",
    ),
  },
  {
    name: "record of a page: bytes asked for of a big object",
    isPartlyFound: true,
    uncheckedBecause: "a hint to `realloc`. Found when it is more than the chunk has",
    namesContext: false,
    targetsIn: firstPageWords([ASKED_WORD], ({ isDedicated }) => isDedicated),
  },
  {
    name: "record of a page: words that are not in use",
    uncheckedBecause: NOT_IN_USE,
    namesContext: false,
    targetsIn: (heap, chunks) => [
      ...firstPageWords([6, 7])(heap, chunks),
      ...firstPageWords([HIGH_WATER_WORD], ({ isCurrent }) => isCurrent)(heap, chunks),
      ...innerPageWords(heap, chunks, [
        NEXT_WORD,
        PREVIOUS_WORD,
        HIGH_WATER_WORD,
        ASKED_WORD,
        6,
        7,
      ]),
    ],
  },
  {
    name: "record of a context: what its object has in fields, and hints",
    uncheckedBecause: "while the context is in use, its fields are the truth",
    namesContext: false,
    targetsIn: (heap) => recordWords(heap, (word, context) => !isRecordFact(word, context)),
  },
];
