import {
  type Collection,
  HashMap,
  Heap,
  type MemoryContext,
  Trimmer,
  UseAfterDropError,
  Vec,
  f64,
  immediate,
  u32,
  utf8,
} from "@perfloc/typed";
import { randomFrom } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

interface Collections {
  readonly vec: Vec<typeof f64>;
  readonly map: HashMap<typeof u32, typeof f64>;
  readonly texts: HashMap<typeof utf8, typeof u32>;
}

function makeCollections(context: MemoryContext, count: number): Collections {
  const vec = new Vec(context, f64);
  const map = new HashMap(context, u32, f64);
  const texts = new HashMap(context, utf8, u32);
  for (let n = 0; n < count; n++) {
    vec.push(n);
    map.set(n, n);
    texts.set(`${n}`, n);
  }
  return { vec, map, texts };
}

/** Every call that looks at elements, or changes them. */
function callsOf({ vec, map, texts }: Collections): readonly (() => unknown)[] {
  return [
    () => vec.length,
    () => vec.push(1),
    () => vec.append(),
    () => vec.pop(),
    () => vec.at(0),
    () => vec.set(0, 1),
    () => vec.truncate(0),
    () => vec.clear(),
    () => vec.reserve(100_000),
    () => vec.toArray(),
    () => JSON.stringify(vec),
    () => [...vec],
    () => vec.drop(),
    () => map.size,
    () => map.get(0),
    () => map.has(0),
    () => map.set(0, 1),
    () => map.set(12_345, 1),
    () => map.obtain(0),
    () => map.delete(0),
    () => map.clear(),
    () => map.reserve(100_000),
    () => map.toMap(),
    () => [...map],
    () => map.keys(),
    () => map.values(),
    () => map.drop(),
    () => texts.get("0"),
    () => texts.set("0", 1),
    () => texts.delete("0"),
  ];
}

function checkDropped(collections: Collections): void {
  for (const call of callsOf(collections)) {
    expect(call).toThrow(UseAfterDropError);
    expect(call).toThrow(expect.objectContaining({ code: "PERFLOC_TYPED_COLLECTION_DROPPED" }));
  }
  expect(all(collections).map(({ isDropped }) => isDropped)).toEqual([true, true, true]);
  // The end of a using block is no use.
  for (const collection of all(collections)) collection[Symbol.dispose]();
}

function checkAlive({ vec, map, texts }: Collections, count: number): void {
  expect([vec.length, map.size, texts.size]).toEqual([count, count, count]);
  for (let n = 0; n < count; n++) {
    if (vec.at(n) !== n || map.get(n) !== n || texts.get(`${n}`) !== n)
      throw new Error(`element ${n} is lost`);
  }
}

function all({ vec, map, texts }: Collections): readonly Collection[] {
  return [vec, map, texts];
}

test.each(["bump", "allocset"] as const)(
  "Y61 after the end of its context, in any way, every call of a collection throws (%s)",
  (kind) => {
    for (const count of [0, 1, 10_000]) {
      const heap = new Heap();
      const ends: readonly ((context: MemoryContext) => void)[] = [
        (context) => context.drop(),
        (context) => context.reset(),
        (context) => context.parent!.reset(),
        (context) => context.parent!.drop(),
        () => heap[Symbol.dispose](),
      ];
      for (const end of ends) {
        const context = heap.open("parent").open("frame", { kind });
        const collections = makeCollections(context, count);
        end(context);
        checkDropped(collections);
      }
    }
  },
);

test("Y61 a collection of its own end gives its memory back", () => {
  const heap = new Heap();
  const collections = makeCollections(heap.open("frame", { kind: "bump" }), 10_000);
  for (const collection of all(collections)) collection.drop();
  checkDropped(collections);
  expect(heap.stats().usedBytes).toBe(0);
});

test.each(["bump", "allocset"] as const)(
  "Y62 a rollback ends the collections that are younger than the mark, and no others (%s)",
  (kind) => {
    const context = new Heap().open("frame", { kind });
    const older = makeCollections(context, 10);
    const mark = context.checkpoint();
    const younger = makeCollections(context, 10);
    const inner = context.checkpoint();
    const youngest = makeCollections(context, 10);
    context.commit(inner);
    for (let n = 10; n < 1000; n++) {
      for (const { vec, map, texts } of [older, younger, youngest]) {
        vec.push(n);
        map.set(n, n);
        texts.set(`${n}`, n);
      }
    }
    for (const collections of [older, younger, youngest]) checkAlive(collections, 1000);
    context.rollback(mark);
    checkDropped(younger);
    checkDropped(youngest);
    checkAlive(older, 1000);
  },
);

test("Y61 when its top chunk was released, too, and came back for others", () => {
  const heap = new Heap();
  const context = heap.open("frame");
  const collections = makeCollections(context, 100_000);
  context.reset();
  const trimmer = new Trimmer(heap, immediate());
  trimmer.trim();
  checkDropped(collections);
  const others = makeCollections(heap.open("others"), 100_000);
  checkDropped(collections);
  checkAlive(others, 100_000);
});

test("Y61 whatever happens to contexts, a collection either has its elements or throws", () => {
  const random = randomFrom(20_260_729);
  const below = (end: number): number => Math.floor(random() * end);
  const heap = new Heap();
  const trimmer = new Trimmer(heap, immediate());
  interface Entry {
    readonly context: MemoryContext;
    readonly collections: Collections;
    readonly count: number;
    isOver: boolean;
  }
  let entries: Entry[] = [];
  const contexts: MemoryContext[] = [];
  for (let step = 0; step < 3000; step++) {
    const choice = below(10);
    const context = contexts[below(contexts.length)];
    if (context === undefined || choice < 2) {
      contexts.push(heap.open(`c${step}`, { kind: below(2) === 0 ? "bump" : "allocset" }));
    } else if (choice < 7) {
      const count = below(8) === 0 ? 5000 : below(40);
      const collections = makeCollections(context, count);
      entries.push({ context, collections, count, isOver: false });
    } else if (choice < 9) {
      for (const entry of entries) if (entry.context === context) entry.isOver = true;
      if (below(2) === 0) context.reset();
      else {
        context.drop();
        contexts.splice(contexts.indexOf(context), 1);
      }
    } else trimmer.trim();
    const { collections, count, isOver } = entries[below(entries.length)] ?? {};
    if (collections === undefined) continue;
    if (isOver === true) checkDropped(collections);
    else checkAlive(collections, count!);
    if (entries.length > 200) entries = entries.slice(100);
  }
  heap.verify();
});
