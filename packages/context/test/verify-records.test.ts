/** What `verify()` finds in the records of a heap, which lie outside the bytes: each is damaged by hand, found by name, and mended. */
import { CorruptionError, Heap, type MemoryContext } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkThrows } from "./support/fixtures.js";

/** Two siblings; the newer one has a limit, a child, and two process chunks. */
interface Family {
  readonly heap: Heap;
  readonly older: MemoryContext;
  readonly newer: MemoryContext;
}

type Damage = readonly [target: object, key: PropertyKey, value: unknown];

/** Words of a page record: see `page-table.ts` of the arena. */
const OWNER = 0;
const NEXT = 2;
const PREVIOUS = 3;
const HIGH_WATER = 4;
/** Words of the record of a context: see `context-record.ts`. */
const OWNER_STATE = 0;
const REMOTE_HEAD = 16;
const FREE_LINK = 17;

/** Overwrites a word of the record of the page at an address. */
function pageWord({ heap }: Family, address: number, word: number, value: number): Damage {
  return [heap.arena.planes.pages, String((address >>> 12) * 8 + word), value | 0];
}

/** Overwrites a word of the record of a context. */
function recordWord({ heap }: Family, id: number, word: number, value: number): Damage {
  return [heap.state.table.records, String(id * 64 + word), value];
}

const firstOf = ({ newer }: Family): number => newer.keeper;
const freeId = ({ heap }: Family): number => heap.state.table.freeIds()[0]!;

const records: readonly [fact: string, ...damages: ((family: Family) => Damage)[]][] = [
  [
    "lost or gained a context",
    ({ heap }) => [heap.state, "contextsOpened", heap.state.contextsOpened + 1],
  ],
  ['limit of context "newer" counts wrongly', ({ newer }) => [newer.limit!, "usedBytes", 8]],
  [
    'context "newer" is not linked from the left',
    ({ newer, older }) => [newer, "previousSibling", older],
  ],
  [
    'context "newer" is not linked from the right',
    ({ older }) => [older, "previousSibling", undefined],
  ],
  [
    'a child of context "older" has another parent',
    ({ newer, older }) => [older, "firstChild", newer],
  ],
  [
    "in the chain of another context",
    (family) => pageWord(family, firstOf(family), PREVIOUS, family.older.keeper),
  ],
  ["in the chain of another context", ({ older, newer }) => [newer, "newestChunk", older.keeper]],
  [
    "in the chain of another context",
    (family) => pageWord(family, firstOf(family), OWNER, family.older.id),
  ],
  [
    "goes round in a circle",
    (family) => pageWord(family, firstOf(family), PREVIOUS, family.newer.newestChunk),
  ],
  [
    "the forward address in a process chunk header was overwritten",
    (family) => pageWord(family, firstOf(family), NEXT, 0),
  ],
  [
    "does not know the one behind it",
    (family) => pageWord(family, firstOf(family), NEXT, family.older.keeper),
    // The header in the bytes says the same.
    ({ heap, newer, older }) => {
      const { u32, base } = heap.arena.chunkAt(newer.keeper);
      return [u32, String((newer.keeper - base) / 4 + 2), older.keeper];
    },
  ],
  [
    'the record of context "newer" belongs to another context',
    ({ heap, newer, older }) => [heap.state.table.contexts, String(newer.id), older],
  ],
  [
    "objects reach past their process chunk",
    (family) => pageWord(family, firstOf(family), HIGH_WATER, firstOf(family) + 4096 + 16),
  ],
  [
    "objects reach past their process chunk",
    (family) => pageWord(family, firstOf(family), HIGH_WATER, firstOf(family)),
  ],
  [
    "objects reach past their process chunk",
    ({ newer }) => [newer, "cursor", newer.limitAddress + 16],
  ],
  ['the keeper of context "newer" was lost', ({ newer }) => [newer, "keeper", newer.newestChunk]],
  [
    'the current process chunk of context "newer" is not in its chain',
    ({ newer, older }) => [newer, "currentChunk", older.keeper],
  ],
  ['chain of context "newer" counts wrongly', ({ newer }) => [newer, "usedBytes", 8]],
  [
    'a process chunk of context "newer" is not in its chain',
    ({ newer }) => [newer, "newestChunk", newer.keeper],
    (family) => pageWord(family, firstOf(family), NEXT, 0),
    ({ heap, newer }) => {
      const { u32, base } = heap.arena.chunkAt(newer.keeper);
      return [u32, String((newer.keeper - base) / 4 + 2), 0];
    },
    ({ newer }) => [newer, "currentChunk", 0],
    ({ newer }) => [newer, "usedBytes", 4096],
  ],
  ["the owner of record 1 was lost", (family) => recordWord(family, 1, OWNER_STATE, 0)],
  ["has packets that nobody sent", (family) => recordWord(family, family.newer.id, REMOTE_HEAD, 1)],
  [
    "the list of free records is damaged",
    (family) => recordWord(family, freeId(family), FREE_LINK, family.newer.id),
  ],
  [
    "the list of free records is damaged",
    (family) => recordWord(family, freeId(family), FREE_LINK, freeId(family)),
  ],
  [
    "the list of free records is damaged",
    (family) => recordWord(family, freeId(family), FREE_LINK, 0x7fff_ffff),
  ],
  [
    "the list of free records is damaged",
    (family) => recordWord(family, freeId(family), FREE_LINK, 0),
  ],
];

test.each(records)("C57 a record that is wrong: %s", (fact, ...damages) => {
  using heap = new Heap();
  const older = heap.open("older");
  const newer = heap.open("newer");
  newer.setLimit(1_000_000);
  older.alloc(8);
  newer.open("child").alloc(8);
  newer.alloc(3000);
  newer.alloc(5000);
  // Two records that are free.
  const gone = [heap.open("gone"), heap.open("gone")];
  for (const context of gone) context.alloc(8);
  for (const context of gone) context.drop();
  heap.verify();
  const made = damages.map((damage) => {
    const [target, key, value] = damage({ heap, older, newer });
    const before: unknown = Reflect.get(target, key);
    Reflect.set(target, key, value);
    return () => Reflect.set(target, key, before);
  });
  const error = checkThrows(() => heap.verify(), CorruptionError, "PERFLOC_CONTEXT_CORRUPT");
  for (const mend of made.toReversed()) mend();
  expect(error.message).toContain(fact);
  heap.verify();
});

test("C57 finds a process chunk of a context that is gone", () => {
  using heap = new Heap();
  const gone = heap.open("gone");
  gone.alloc(8);
  const { id } = gone;
  gone.drop();
  const span = heap.arena.reserve(4096);
  const page = (span >>> 12) * 8 + OWNER;
  heap.arena.planes.pages[page] = id;
  const error = checkThrows(() => heap.verify(), CorruptionError, "PERFLOC_CONTEXT_CORRUPT");
  expect(error.message).toContain("a process chunk belongs to no context");
  expect(error.address).toBe(span);
  heap.arena.planes.pages[page] = 0;
  heap.verify();
});
