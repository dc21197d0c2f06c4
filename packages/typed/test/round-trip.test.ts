/** What is written is read back, in every way to write and read, and no other byte changes. */
import { type FieldType, Heap, type Struct, struct } from "@perfloc/typed";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fieldKinds, structOfKinds } from "./support/field-kinds.js";

interface Way {
  readonly write: (value: unknown) => void;
  readonly read: () => unknown;
}

function makeStruct(names: readonly string[], options: object): Struct<any> {
  const fields = names.map((name): [string, FieldType] => [name, fieldKinds[name]!.type]);
  return struct("Kinds", Object.fromEntries(fields), options);
}

/** What a property of a cursor holds, as a plain value. */
function plain(live: unknown, value: unknown): unknown {
  if (typeof live !== "object" || live === null || live instanceof Date) return live;
  return Array.isArray(value)
    ? Array.from(live as Iterable<unknown>, (part, index) => plain(part, value[index]))
    : readProperties(live, value);
}

function readProperties(live: object, value: unknown): unknown {
  const names = Object.keys(value as object);
  const read = live as Record<string, unknown>;
  const given = value as Record<string, unknown>;
  return Object.fromEntries(names.map((name) => [name, plain(read[name], given[name])]));
}

test("V8, V20 a field that is written reads the same in every way, and touches no other byte", () => {
  fc.assert(
    fc.property(structOfKinds, fc.gen(), fc.nat(255), ({ names, options }, gen, byte) => {
      const heap = new Heap();
      const context = heap.open("round trip");
      const Kinds = makeStruct(names, options);
      const elements = Kinds.array(context, 3);
      const address = elements.addressAt(1);
      const cursor: any = Kinds.cursor(heap, address);
      const at: any = Kinds.at(heap);
      const element: any = elements.at(1);
      const all = context.bytes(elements.address, Kinds.size * 3);
      for (const name of names) {
        const value = gen(() => fieldKinds[name]!.value);
        const property = fieldProperty(cursor, name)!;
        const isView = property.set === undefined;
        const ways: Way[] = [
          {
            write: (given) => (isView ? cursor[name].$set(given) : (cursor[name] = given)),
            read: () => plain(cursor[name], value),
          },
          { write: (given) => at[name].set(address, given), read: () => at[name].get(address) },
          {
            write: (given) => Kinds.fromObject(heap, address, { [name]: given }),
            read: () => at[name].get(address),
          },
          {
            write: (given) => (isView ? element[name].$set(given) : (element[name] = given)),
            read: () => at[name].get(elements.addressAt(1)),
          },
        ];
        for (const { write } of ways) {
          all.fill(byte);
          const before = all.slice();
          write(value);
          for (const { read } of ways) expect(read()).toEqual(value);
          const changed = [...all.keys()].filter((index) => all[index] !== before[index]);
          const start = Kinds.size + Kinds.offsetOf(name);
          const end = start + byteLengthOf(Kinds, name);
          expect(changed.filter((index) => index < start || index >= end)).toEqual([]);
        }
      }
      heap.verify();
    }),
  );
});

/** Bytes of a field, by what the table says. */
function byteLengthOf(type: Struct<any>, name: string): number {
  const rows = type.layout().split("\n").slice(2);
  const own = rows.filter((row) => new RegExp(`  ${name}(?:\\.\\w+ .*)?$`).test(row));
  const ends = own
    .map((row) => /^ *(\d+) +(\d+)/.exec(row)!)
    .map(([, offset, bytes]) => Number(offset) + Number(bytes));
  return Math.max(...ends) - type.offsetOf(name);
}

test("V20 bit fields leave the bits around them alone", () => {
  const { type, value } = fieldKinds["bits"]!;
  const Flags = struct("Flags", { flags: type }, {});
  fc.assert(
    fc.property(value, value, fc.constantFrom("low", "wide", "on"), (before, after, name) => {
      const heap = new Heap();
      const flags: any = Flags.cursor(
        heap,
        Flags.alloc(heap.open("bits"), { flags: before }),
      ).flags;
      const changed = (after as Record<string, unknown>)[name];
      flags[name] = changed;
      expect(flags.toJSON()).toEqual({ ...(before as object), [name]: changed });
    }),
  );
});

test("V21 columns hold what arrays hold", () => {
  fc.assert(
    fc.property(structOfKinds, fc.gen(), ({ names, options }, gen) => {
      const heap = new Heap();
      const context = heap.open("columns");
      const Kinds = makeStruct(names, options);
      const columns: any = Kinds.columns(context, 3);
      const elements: any = Kinds.array(context, 3);
      for (const name of names) {
        for (let index = 0; index < 3; index++) {
          const value = gen(() => fieldKinds[name]!.value);
          const element = { [name]: value };
          Kinds.fromObject(heap, elements.addressAt(index), element);
          storeInColumn(columns[name], index, value);
          const stored = readColumn(columns[name], index);
          expect(typeof value === "boolean" ? Boolean(stored) : stored).toEqual(value);
          expect(elements.toArray()[index][name]).toEqual(value);
        }
      }
      heap.verify();
    }),
  );
});

/** A typed array, elements by index, or the columns of a nested struct. */
function storeInColumn(column: any, index: number, value: any): void {
  if (ArrayBuffer.isView(column)) (column as any)[index] = value;
  else if (typeof column.set === "function") column.set(index, value);
  else for (const [name, part] of Object.entries(value)) storeInColumn(column[name], index, part);
}

function readColumn(column: any, index: number): unknown {
  if (ArrayBuffer.isView(column)) return (column as any)[index];
  if (typeof column.toArray === "function") return column.toArray()[index];
  const names = Object.keys(column);
  return Object.fromEntries(names.map((name) => [name, readColumn(column[name], index)]));
}

/** The property of a field, wherever among the prototypes of a view it is. */
function fieldProperty(view: object, name: string): PropertyDescriptor | undefined {
  const prototype: unknown = Object.getPrototypeOf(view);
  if (typeof prototype !== "object" || prototype === null) return undefined;
  return Object.getOwnPropertyDescriptor(prototype, name) ?? fieldProperty(prototype, name);
}
