/** Writes with several strings, of which one finds no room. */
import {
  type ContextKind,
  HashMap,
  Heap,
  LimitExceededError,
  type MemoryContext,
  Vec,
  array,
  custom,
  struct,
  tagged,
  u32,
  utf8,
} from "@perfloc/typed";
import { describe, expect, test } from "vitest";

const Name = struct("Name", { first: utf8, last: utf8 });
const Names = custom(Name, {
  decode: ({ first, last }) => `${first} ${last}`,
  encode: (name: string) => ({ first: name.split(" ")[0]!, last: name.split(" ")[1]! }),
});
const Person = struct("Person", {
  id: u32,
  name: utf8,
  street: utf8,
  full: Name,
  titles: array(utf8, 3),
  nick: tagged({ one: utf8, both: Name, none: u32 }),
  mapped: Names,
  age: u32,
});

const SMALL = "a string that finds room";
/** Longer than what is left of any process chunk. */
const LARGE = "x".repeat(1900);

const KINDS: readonly ContextKind[] = ["allocset", "bump", "slab"];
const LEVELS = ["off", "check", "debug"] as const;
const CASES = KINDS.flatMap((kind) => LEVELS.map((check) => [kind, check] as const));

/** A context that has room for short strings, and for the tenth part of a long one at most. */
function openFull(kind: ContextKind, check: (typeof LEVELS)[number]) {
  const heap = new Heap({ check });
  const context = heap.open("people", { kind, ...(kind === "slab" && { slotBytes: 2048 }) });
  const address = Person.alloc(context, {
    id: 1,
    name: "Ada",
    street: "St James's Square",
    full: { first: "Ada", last: "Lovelace" },
    titles: ["Countess", "", "Lady"],
    nick: { kind: "both", value: { first: "a", last: "d" } },
    mapped: "Ada Lovelace",
    age: 36,
  });
  return { heap, context, address };
}

function liveIn(heap: Heap) {
  const { contexts, liveBytes } = heap.stats();
  return { contexts, liveBytes };
}

/** Leaves no room for LARGE, and room for SMALL. */
function fill(context: MemoryContext): void {
  const spare = context.kind === "slab" ? context.alloc(0) : undefined;
  context.setLimit(0);
  expect(() => {
    for (;;) context.alloc(LARGE.length);
  }).toThrow(LimitExceededError);
  if (spare !== undefined) context.free(spare);
}

/** Each writes something short first, and then something for which there is no room. */
const WRITES: readonly [name: string, write: (context: MemoryContext, address: number) => void][] =
  [
    ["alloc", (context) => Person.alloc(context, { id: 2, name: SMALL, street: LARGE })],
    [
      "fromObject",
      (context, address) => {
        Person.fromObject(context, address, { id: 2, name: SMALL, street: LARGE, age: 2 });
      },
    ],
    [
      "fromObject, in nested parts",
      (context, address) => {
        const full = { first: SMALL, last: LARGE };
        Person.fromObject(context, address, { id: 2, nick: { kind: "none", value: 7 }, full });
      },
    ],
    [
      "$set of a struct",
      (context, address) => {
        Person.cursor(context, address).full.$set({ first: SMALL, last: LARGE });
      },
    ],
    [
      "$set of an array",
      (context, address) => {
        Person.cursor(context, address).titles.$set([SMALL, "", LARGE]);
      },
    ],
    [
      "fill of an array",
      (context, address) => {
        // The first finds room where there is any.
        Person.cursor(context, address).titles.fill(LARGE);
      },
    ],
    [
      "$set of a tagged union",
      (context, address) => {
        Person.cursor(context, address).nick.$set({
          kind: "both",
          value: { first: SMALL, last: LARGE },
        });
      },
    ],
    [
      "a custom type",
      (context, address) => {
        Person.cursor(context, address).mapped = `${SMALL.replaceAll(" ", "-")} ${LARGE}`;
      },
    ],
    [
      "statics",
      (context, address) => {
        Person.at(context).full.set(address, { first: SMALL, last: LARGE });
      },
    ],
  ];

describe.each(CASES)(
  "a write whose second string finds no room: %s context, level %s",
  (kind, check) => {
    test.each(WRITES)("Y85 %s writes nothing", (_name, write) => {
      const { heap, context, address } = openFull(kind, check);
      fill(context);
      const before = Person.toObject(context, address);
      const live = liveIn(heap);
      // A slab has room for one object: its alloc fails at the first string.
      expect(() => {
        write(context, address);
      }).toThrow(LimitExceededError);
      expect(Person.toObject(context, address)).toEqual(before);
      expect(liveIn(heap)).toEqual(live);
      heap.verify();
      context.setLimit(Infinity);
      write(context, address);
      heap.verify();
      heap.dispose();
    });
  },
);

test.each(CASES)(
  "Y85 Y69 a Vec and a HashMap of structs with strings are as they were: %s context, level %s",
  (kind, check) => {
    if (kind === "slab") return;
    const heap = new Heap({ check });
    const context = heap.open("people", { kind });
    const vec = new Vec(context, Name, { capacity: 8 });
    const map = new HashMap(context, utf8, Name, { entries: 8 });
    const texts = new HashMap(context, u32, utf8, { entries: 8 });
    vec.push({ first: "Ada", last: "Lovelace" });
    map.set("Ada", { first: "Ada", last: "Lovelace" });
    texts.set(1, "Ada");
    const before = [vec.toArray(), map.toMap(), texts.toMap()];
    const live = liveIn(heap);
    context.setLimit(0);
    const large = LARGE.repeat(30);
    const value = { first: SMALL, last: large };
    const writes = [
      () => vec.push(value),
      () => {
        vec.set(0, value);
      },
      () => map.set("Ada", value),
      () => map.set("Grace", value),
      () => texts.set(1, large),
      () => texts.set(2, large),
    ];
    for (const write of writes) {
      expect(write).toThrow(LimitExceededError);
      expect([vec.toArray(), map.toMap(), texts.toMap()]).toEqual(before);
      expect(liveIn(heap)).toEqual(live);
      heap.verify();
    }
    context.setLimit(Infinity);
    for (const write of writes) write();
    expect(map.get("Grace")!.last).toBe(large);
    heap.verify();
    heap.dispose();
  },
);

test("Y85 a write that finds no room within a mark can be rolled back and committed as others", () => {
  for (const kind of ["allocset", "bump"] as const) {
    const { heap, context, address } = openFull(kind, "check");
    const outer = context.checkpoint();
    const inner = context.checkpoint();
    const early = Person.alloc(context, { name: SMALL });
    context.setLimit(0);
    const street = LARGE.repeat(30);
    expect(() => {
      Person.fromObject(context, early, { name: "other", street });
    }).toThrow(LimitExceededError);
    context.commit(inner);
    expect(Person.toObject(context, early)).toMatchObject({ name: SMALL, street: "" });
    context.rollback(outer);
    expect(Person.toObject(context, address).name).toBe("Ada");
    heap.verify();
    heap.dispose();
  }
});
