/** Weak references are NULL once their object died, and views of one object end with it, whatever lies there by then. */
import {
  type Address,
  type ContextMark,
  Heap,
  InvalidAddressError,
  InvalidSizeError,
  InvalidTypeError,
  InvalidValueError,
  type MemoryContext,
  type Ref,
  Trimmer,
  UseAfterDropError,
  UseAfterFreeError,
  Vec,
  array,
  be,
  f64,
  immediate,
  ref,
  struct,
  u32,
  u8,
  weak,
} from "@perfloc/typed";
import * as fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";

const levels = ["check", "off", "debug", "sample"] as const;
const kinds = ["allocset", "slab", "bump"] as const;
const Item = struct("Item", { id: u32, mass: f64 });
const Holder = struct("Holder", { item: weak(Item), count: u32 });

function open(heap: Heap, kind: (typeof kinds)[number]): MemoryContext {
  return heap.open(kind, kind === "slab" ? { kind, slotBytes: Item.size } : { kind });
}

test("V88 a weak reference has 8 bytes, and the type of a reference", () => {
  expect([Holder.size, Holder.align, Holder.offsetOf("count")]).toEqual([12, 4, 8]);
  const Packed = struct("Packed", { tag: u8, item: be(weak(Item)) }, { packed: true });
  expect([Packed.size, Packed.toC().includes("uint32_t item[2]")]).toEqual([9, true]);
  using heap = new Heap();
  const context = heap.open("weak");
  const item = Item.alloc(context, { id: 7 });
  const packed = Packed.cursor(heap, Packed.alloc(context, { item }));
  expectTypeOf(packed.item).toEqualTypeOf<Ref<typeof Item>>();
  const cursor = Item.cursor(heap);
  expect([packed.$follow("item", cursor), cursor.id]).toEqual([true, 7]);
  context.free(item);
  expect([packed.$follow("item", cursor), packed.item, cursor.id]).toEqual([false, 0, 7]);
  // @ts-expect-error the address of another struct
  expect(() => (packed.item = Packed.alloc(context))).not.toThrow();
  expect(() => weak(undefined as unknown as typeof Item)).toThrow(InvalidTypeError);
});

test.each(levels)(
  "V88 it is NULL after a free, also when the slot serves the next object, level %s",
  (check) => {
    using heap = new Heap({ check, ...(check === "debug" && { quarantineBytes: 0 }) });
    for (const kind of ["allocset", "slab"] as const) {
      const context = open(heap, kind);
      const holders = heap.open("holders");
      const first = Item.alloc(context, { id: 1 });
      const holder = Holder.cursor(heap, Holder.alloc(holders, { item: first }));
      const copy = Holder.cursor(heap, Holder.alloc(holders));
      Holder.copy(heap, holder.$address, copy.$address);
      expect([holder.item, copy.item, Holder.toObject(heap, copy.$address)]).toEqual([
        first,
        first,
        { item: first, count: 0 },
      ]);
      context.free(first);
      expect([holder.item, copy.item]).toEqual([0, 0]);
      const second = Item.alloc(context, { id: 2 });
      expect(second).toBe(first);
      expect([holder.item, copy.item]).toEqual([0, 0]);
      holder.item = second;
      expect([holder.item, copy.item]).toEqual([second, 0]);
      expect(Holder.equals(heap, holder.$address, copy.$address)).toBe(false);
      holder.item = 0;
      expect(Holder.equals(heap, holder.$address, copy.$address)).toBe(true);
      heap.verify();
      context.free(second);
      heap.verify();
    }
  },
);

test.each(levels)(
  "V88 a realloc that moves the object ends it, and one that does not leaves it, level %s",
  (check) => {
    using heap = new Heap({ check });
    const context = heap.open("items");
    const holders = heap.open("holders");
    const holder = Holder.cursor(heap, Holder.alloc(holders, { item: context.alloc(16) }));
    for (const byteLength of [16, 24, 100, 90, 5000, 100_000, 120_000, 40_000, 16]) {
      const before: Address = holder.item;
      const after = context.realloc(before, byteLength);
      expect(holder.item).toBe(after === before ? before : 0);
      heap.verify();
      holder.item = after;
    }
    expect(() => context.realloc(holder.item, -1)).toThrow(InvalidSizeError);
    expect(holder.item).not.toBe(0);
    context.free(holder.item);
    expect(holder.item).toBe(0);
    heap.verify();
  },
);

test.each(levels)(
  "V88 what is no object that lives is refused, and nothing is stored, level %s",
  (check) => {
    using heap = new Heap({ check });
    const context = heap.open("items");
    const items = Item.array(context, 3);
    const holder = Holder.cursor(heap, Holder.alloc(context, { item: items.address, count: 5 }));
    const holders = Holder.vector(context);
    holders.push({});
    const other = heap.open("other");
    const freed = Item.alloc(other);
    other.free(freed);
    const dropped = heap.open("dropped");
    const gone = Item.alloc(dropped);
    dropped.drop();
    const live = context.stats().liveBytes;
    for (const address of [items.addressAt(1), freed, gone, 4, 1_000_000_000]) {
      const kind = check === "debug" && address === freed ? UseAfterFreeError : InvalidAddressError;
      expect(() => (holder.item = address)).toThrow(kind);
      expect(() => {
        holder.$set({ count: 6, item: address });
      }).toThrow(kind);
      expect(() => Holder.alloc(context, { count: 6, item: address })).toThrow(kind);
      expect(() => holders.push({ item: address })).toThrow(kind);
    }
    expect(() => (holder.item = -1)).toThrow(InvalidValueError);
    expect(holders.length).toBe(1);
    expect([holder.item, holder.count, context.stats().liveBytes]).toEqual([
      items.address,
      5,
      live,
    ]);
    expect(() => Holder.over(new Uint8Array(16))).toThrow("weak references");
  },
);

test.each(levels)("V88 elements of arrays and collections can be weak, level %s", (check) => {
  using heap = new Heap({ check });
  const context = heap.open("items");
  const Many = struct("Many", { items: array(weak(Item), 3), one: ref(Item) });
  const items = [1, 2, 3].map((id) => Item.alloc(context, { id }));
  const vec = new Vec(context, weak(Item));
  vec.push(...items);
  const many = Many.cursor(heap, Many.alloc(context, { items, one: items[0]! }));
  context.free(items[1]!);
  const expected = [items[0], 0, items[2]];
  expect([vec.toArray(), many.items.toArray()]).toEqual([expected, expected]);
  context.reset();
  heap.verify();
});

test.each(["check", "sample"] as const)(
  "V87 views of one array end when it is freed, level %s",
  (check) => {
    using heap = new Heap({ check });
    const context = heap.open("items");
    const items = Item.array(context, 3);
    const columns = Item.columns(context, 3);
    const iterator = items[Symbol.iterator]();
    iterator.next();
    const { byteOffset } = columns.mass;
    context.free(items.address);
    const again = Item.array(context, 3);
    expect(again.address).toBe(items.address);
    for (const use of [
      () => items.at(0),
      () => items.addressAt(0),
      () => items.toArray(),
      () => items[Symbol.iterator](),
      () => iterator.next(),
    ]) {
      expect(use).toThrow(UseAfterDropError);
      expect(use).toThrow(expect.objectContaining({ code: "PERFLOC_TYPED_OBJECT_FREED" }));
    }
    again.at(1).id = 5;
    const chunk = heap.arena.chunks.find(({ u8: { buffer } }) => buffer === columns.mass.buffer)!;
    context.free(chunk.base + Math.min(byteOffset, columns.id.byteOffset));
    expect(() => columns.id).toThrow("it was freed");
    expect(again.at(1).id).toBe(5);
    heap.verify();
    context.reset();
    expect(() => again.at(1)).toThrow("reset or rolled back");
  },
);

test.each(levels)(
  "V88 rollbacks end the objects since their mark, and commits none, level %s",
  (check) => {
    for (const kind of kinds) {
      using heap = new Heap({ check });
      const context = open(heap, kind);
      const vec = new Vec(heap.open("holders"), weak(Item));
      const first = Item.alloc(context);
      const outer = context.checkpoint();
      const second = Item.alloc(context);
      const inner = context.checkpoint();
      const third = Item.alloc(context);
      const innermost = context.checkpoint();
      vec.push(first, second, third);
      context.commit(innermost);
      expect(vec.toArray()).toEqual([first, second, third]);
      context.rollback(inner);
      expect(vec.toArray()).toEqual([first, second, 0]);
      expect(Item.alloc(context)).toBe(third);
      expect(vec.toArray()).toEqual([first, second, 0]);
      if (kind !== "bump") {
        context.free(first);
        vec.push(second);
      }
      context.rollback(outer);
      expect(vec.toArray().slice(0, 3)).toEqual([kind === "bump" ? first : 0, 0, 0]);
      heap.verify();
      // What the rollback brought back can be referred to anew.
      vec.push(first);
      expect(vec.pop()).toBe(first);
      context.reset();
      expect(vec.toArray().every((address) => address === 0)).toBe(true);
    }
  },
);

interface Scope {
  readonly kind: (typeof kinds)[number];
  context: MemoryContext;
  /** Live objects by address, each with a number, and how many marks were older. */
  readonly live: Map<Address, { readonly id: number; readonly depth: number }>;
  /** Objects that a rollback of a mark brings back, for each live mark. */
  readonly marks: { readonly mark: ContextMark; readonly freed: Map<Address, number> }[];
}

const steps = fc.array(
  fc.record({
    act: fc.constantFrom(
      "alloc",
      "alloc",
      "hold",
      "hold",
      "free",
      "free",
      "mark",
      "rollback",
      "commit",
      "reset",
      "drop",
      "trim",
    ),
    which: fc.nat(2),
    at: fc.nat(1000),
    bytes: fc.constantFrom(16, 16, 16, 5000),
  }),
  { maxLength: 60, size: "max" },
);

/** What the weak references of a model say: the objects by number, and those that died. */
class WeakModel {
  readonly heap: Heap;
  readonly scopes: Scope[];
  readonly #dead = new Set<number>();
  readonly #held: { readonly holder: Address; readonly address: Address; readonly id: number }[] =
    [];
  readonly #holders: MemoryContext;
  #lastId = 0;

  constructor(heap: Heap) {
    this.heap = heap;
    this.scopes = kinds.map((kind) => ({
      kind,
      context: open(heap, kind),
      live: new Map(),
      marks: [],
    }));
    this.#holders = heap.open("holders");
  }

  alloc({ kind, context, live, marks }: Scope, byteLength: number): void {
    const address = context.alloc(kind === "slab" ? Item.size : byteLength);
    live.set(address, { id: ++this.#lastId, depth: marks.length });
  }

  hold({ live }: Scope, at: number): void {
    const [address, object] = [...live][at % live.size] ?? [0, undefined];
    const holder = Holder.alloc(this.#holders, { item: address, count: at });
    if (object !== undefined) this.#held.push({ holder, address, id: object.id });
  }

  free({ kind, context, live, marks }: Scope, at: number): void {
    const [address, object] = [...live][at % live.size] ?? [];
    if (kind === "bump" || address === undefined || object === undefined) return;
    context.free(address);
    live.delete(address);
    this.#dead.add(object.id);
    if (object.depth < marks.length) marks.at(-1)!.freed.set(address, object.depth);
  }

  /** What the rollback brings back are other objects to those who held them. */
  rollback({ context, live, marks }: Scope): void {
    const last = marks.pop();
    if (last === undefined) return;
    context.rollback(last.mark);
    this.#end(live, marks.length + 1);
    for (const [address, depth] of last.freed) live.set(address, { id: ++this.#lastId, depth });
  }

  commit({ context, live, marks }: Scope): void {
    const last = marks.pop();
    if (last === undefined) return;
    context.commit(last.mark);
    for (const [address, { id, depth }] of live)
      if (depth > marks.length) live.set(address, { id, depth: marks.length });
    const older = marks.at(-1);
    if (older === undefined) return;
    for (const [address, depth] of last.freed)
      if (depth < marks.length) older.freed.set(address, depth);
  }

  end(scope: Scope, act: "reset" | "drop"): void {
    scope.context[act]();
    if (act === "drop") scope.context = open(this.heap, scope.kind);
    scope.marks.length = 0;
    this.#end(scope.live, 0);
  }

  /** What each weak reference is to be. */
  get expected(): Address[] {
    return this.#held.map(({ address, id }) => (this.#dead.has(id) ? 0 : address));
  }

  /** What each is. */
  get read(): Address[] {
    const cursor = Holder.cursor(this.#holders);
    return this.#held.map(({ holder }) => cursor.$to(holder).item);
  }

  #end(live: Scope["live"], depth: number): void {
    for (const [address, object] of live) {
      if (object.depth < depth) continue;
      live.delete(address);
      this.#dead.add(object.id);
    }
  }
}

test.each(levels)(
  "V88 weak references agree with a model in random programs, level %s",
  (check) => {
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 100_000), (program, quarantineBytes) => {
        const options = check === "debug" || check === "sample" ? { quarantineBytes } : {};
        const sampled = check === "sample" ? { sampleEvery: 2 } : {};
        using heap = new Heap({ check, initialChunkBytes: 4096, ...options, ...sampled });
        const model = new WeakModel(heap);
        const trimmer = new Trimmer(heap, immediate());
        for (const { act, which, at, bytes } of program) {
          const scope = model.scopes[which]!;
          if (act === "alloc") model.alloc(scope, bytes);
          else if (act === "hold") model.hold(scope, at);
          else if (act === "free") model.free(scope, at);
          else if (act === "mark")
            scope.marks.push({ mark: scope.context.checkpoint(), freed: new Map() });
          else if (act === "rollback") model.rollback(scope);
          else if (act === "commit") model.commit(scope);
          else if (act === "trim") trimmer.trim();
          else model.end(scope, act);
          expect(model.read).toEqual(model.expected);
          heap.verify();
        }
      }),
    );
  },
);
