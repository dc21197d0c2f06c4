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

type Damage = readonly [target: object, key: string, value: unknown];

const chainOf = ({ newer }: Family): MemoryContext["chain"] => newer.chain;
const firstChunkOf = (
  family: Family,
): object & { readonly end: number; readonly firstObject: number } => chainOf(family).first!;

const records: readonly [fact: string, damage: (family: Family) => Damage][] = [
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
    (family) => [chainOf(family), "first", family.older.chain.first],
  ],
  ["does not know the one before it", (family) => [chainOf(family).newest!, "previous", undefined]],
  ["is not as long as its process chunk", (family) => [family.heap.arena, "spanBytes", () => 8]],
  [
    "does not name its process chunk",
    ({ heap, newer }) => [heap.state.pages, String(newer.chain.first!.base >>> 12), {}],
  ],
  [
    "objects reach past their process chunk",
    (family) => [firstChunkOf(family), "highWater", firstChunkOf(family).end + 8],
  ],
  [
    "objects reach past their process chunk",
    (family) => [firstChunkOf(family), "highWater", firstChunkOf(family).firstObject - 8],
  ],
  [
    "does not end at its newest chunk",
    (family) => [chainOf(family), "newest", chainOf(family).first],
  ],
  ['chain of context "newer" counts wrongly', (family) => [chainOf(family), "chunkCount", 3]],
  ['chain of context "newer" counts wrongly', (family) => [chainOf(family), "usedBytes", 8]],
];

test.each(records)("C57 a record that is wrong: %s", (fact, damage) => {
  using heap = new Heap();
  const older = heap.open("older");
  const newer = heap.open("newer");
  newer.setLimit(1_000_000);
  older.alloc(8);
  newer.open("child").alloc(8);
  newer.alloc(3000);
  newer.alloc(5000);
  heap.verify();
  const [target, key, value] = damage({ heap, older, newer });
  const before: unknown = Reflect.get(target, key);
  const isOwn = Object.hasOwn(target, key);
  Reflect.set(target, key, value);
  const error = checkThrows(() => heap.verify(), CorruptionError, "PERFLOC_CONTEXT_CORRUPT");
  if (isOwn) Reflect.set(target, key, before);
  else Reflect.deleteProperty(target, key);
  expect(error.message).toContain(fact);
  heap.verify();
});
