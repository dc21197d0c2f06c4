/** Views of memory that is gone throw: after drop, reset, rollback and release, in any order. */
import {
  Heap,
  type MemoryContext,
  type StructArray,
  type StructColumns,
  Trimmer,
  UseAfterDropError,
  f64,
  immediate,
  struct,
  u32,
} from "@perfloc/typed";
import * as fc from "fast-check";
import { expect, test } from "vitest";

const fields = { id: u32, mass: f64 };
const Item = struct("Item", fields);

interface Seen {
  readonly array: StructArray<typeof fields>;
  readonly columns: StructColumns<typeof fields>;
}

function see(context: MemoryContext, length: number): Seen {
  const array = Item.array(context, length);
  const columns = Item.columns(context, length);
  for (const [index, item] of entriesOf(array)) item.id = index;
  columns.id.set(Array.from({ length }, (_, index) => index));
  return { array, columns };
}

function* entriesOf(array: Seen["array"]): Iterable<[number, ReturnType<Seen["array"]["at"]>]> {
  for (let index = 0; index < array.length; index++) yield [index, array.at(index)];
}

function checkAlive({ array, columns }: Seen): void {
  for (const [index, item] of entriesOf(array)) expect(item.id).toBe(index);
  expect([...columns.id]).toEqual(Array.from({ length: array.length }, (_, index) => index));
}

function checkGone(heap: Heap, { array, columns }: Seen): void {
  const uses = [
    () => array.at(0),
    () => array.addressAt(0),
    () => array.toArray(),
    () => array[Symbol.iterator](),
    () => columns.id,
    () => columns.mass,
  ];
  for (const use of uses) {
    expect(use).toThrow(UseAfterDropError);
    expect(use).toThrow(expect.objectContaining({ code: "PERFLOC_TYPED_CONTEXT_DROPPED" }));
  }
  heap.verify();
}

const kinds = fc.constantFrom("allocset" as const, "bump" as const);

test.each(["allocset", "bump"] as const)(
  "V18, V23 views die with a drop of their %s context",
  (kind) => {
    const heap = new Heap();
    const context = heap.open("short", { kind });
    const seen = see(context, 3);
    const cursor = Item.cursor(heap, seen.array.address);
    const at = Item.at(heap);
    const other = see(heap.open("other"), 3);
    checkAlive(seen);
    context.drop();
    checkGone(heap, seen);
    expect(() => cursor.$to(seen.array.address)).toThrow(UseAfterDropError);
    expect(() => at.id.get(seen.array.address)).toThrow(UseAfterDropError);
    expect(() => Item.toObject(heap, seen.array.address)).toThrow(UseAfterDropError);
    for (const use of [
      () => Item.cursor(context),
      () => Item.array(context, 1),
      () => Item.columns(context, 1),
    ])
      expect(use).toThrow(UseAfterDropError);
    see(heap.open("next", { kind }), 100);
    checkGone(heap, seen);
    checkAlive(other);
  },
);

test("V23 an iteration ends with an error when its memory goes", () => {
  const heap = new Heap();
  const context = heap.open("short");
  const items = Item.array(context, 3);
  expect(() => {
    for (const item of items) {
      item.id = 1;
      context.drop();
    }
  }).toThrow(UseAfterDropError);
});

test.each([0, 1, 3])("V23 iterations of %i elements end at the last", (length) => {
  const heap = new Heap();
  const items = Item.array(heap.open("items"), length);
  const iterator = items[Symbol.iterator]();
  let steps = 0;
  while (iterator.next().done !== true) steps++;
  expect(steps).toBe(length);
  const { done, value } = iterator.next();
  expect(done).toBe(true);
  expect(value).toHaveProperty("$address", items.address + Math.max(length - 1, 0) * Item.size);
});

test.each(["reset", "rollback", "drop"] as const)(
  "V23 views stay dead when a %s is followed by the same allocation at the same address",
  (end) => {
    const heap = new Heap();
    const context = heap.open("short");
    const mark = context.checkpoint();
    const seen = see(context, 3);
    const iterator = seen.array[Symbol.iterator]();
    if (end === "rollback") context.rollback(mark);
    else context[end]();
    const again = see(end === "drop" ? heap.open("short") : context, 3);
    expect(again.array.address).toBe(seen.array.address);
    checkGone(heap, seen);
    expect(() => iterator.next()).toThrow(UseAfterDropError);
    checkAlive(again);
  },
);

test("V23 a commit lets views live as long as what was there before the mark", () => {
  const heap = new Heap();
  const context = heap.open("short");
  const outer = context.checkpoint();
  const inner = context.checkpoint();
  const seen = see(context, 3);
  context.commit(inner);
  checkAlive(seen);
  context.rollback(outer);
  see(context, 3);
  checkGone(heap, seen);
});

test("V23 views die in any order of resets, rollbacks, drops and releases", () => {
  const step = fc.record({
    act: fc.constantFrom("see", "see", "mark", "rollback", "commit", "reset", "drop", "trim"),
    which: fc.nat(2),
    length: fc.integer({ min: 1, max: 400 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), kinds, (steps, kind) => {
      const heap = new Heap({ initialChunkBytes: 4096 });
      const trimmer = new Trimmer(heap, immediate());
      const scopes = [0, 1, 2].map(() => openScope(heap, kind));
      for (const { act, which, length } of steps) {
        const scope = scopes[which]!;
        if (act === "see") scope.alive.push(see(scope.context, length));
        else if (act === "mark") {
          scope.marks.push({ mark: scope.context.checkpoint(), count: scope.alive.length });
        } else if (act === "rollback") {
          const last = scope.marks.pop();
          if (last === undefined) continue;
          scope.context.rollback(last.mark);
          scope.gone.push(...scope.alive.splice(last.count));
        } else if (act === "commit") {
          const last = scope.marks.pop();
          if (last !== undefined) scope.context.commit(last.mark);
        } else if (act === "trim") trimmer.trim();
        else {
          if (act === "drop") scope.context.drop();
          else scope.context.reset();
          scope.gone.push(...scope.alive.splice(0));
          scope.marks.length = 0;
          if (act === "drop") scope.context = heap.open("scope", { kind });
        }
        // Also those that died steps ago, whose memory others use by now.
        for (const { alive, gone } of scopes) {
          for (const seen of alive) checkAlive(seen);
          for (const seen of gone) checkGone(heap, seen);
        }
      }
    }),
  );
});

interface Scope {
  context: MemoryContext;
  readonly alive: Seen[];
  readonly gone: Seen[];
  readonly marks: {
    readonly mark: ReturnType<MemoryContext["checkpoint"]>;
    readonly count: number;
  }[];
}

function openScope(heap: Heap, kind: "allocset" | "bump"): Scope {
  return { context: heap.open("scope", { kind }), alive: [], gone: [], marks: [] };
}
