/**
 * Columns: the fields of many structs, each field for itself.
 *
 *   array     | x y z | x y z | x y z | ...          columns     | x x x ... | y y y ... | z z z ... |
 *
 * Columns of scalars are typed arrays over the memory itself, whatever the ABI; all others lie as an array of the ABI does. All are in
 * one allocation, each 8-aligned at least.
 */
import type { Binding } from "../access/codec.js";
import type { Address, Arena, MemoryContext } from "@perfloc/trim";
import type { Abi } from "../layout/abi.js";
import { type ArrayFieldView, ArrayFieldType } from "../fields/array-type.js";
import type { ViewedStruct } from "./bound-struct.js";
import { checkLifetime } from "./check-lifetime.js";
import { checkContext, placeOf } from "./place.js";
import { checkArrayLength } from "./struct-array.js";
import { extentAlone } from "../layout/extent.js";
import type { StructFields } from "../fields/field-names.js";
import type { FieldType } from "../fields/field-type.js";
import { alignUp, layOutArray } from "../layout/layout.js";
import { OBJECT_ALIGN } from "../layout/object-align.js";
import { ScalarType } from "../fields/scalar.js";
import type { ScalarName } from "../layout/scalar-name.js";
import { jsonOf } from "../fields/record.js";
import { Printed, printsAs } from "../prints-as.js";
import { defineHidden } from "../access/view.js";

/** @public */
export interface ScalarArrays {
  readonly i8: Int8Array;
  readonly u8: Uint8Array;
  readonly bool: Uint8Array;
  readonly i16: Int16Array;
  readonly u16: Uint16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly i64: BigInt64Array;
  readonly u64: BigUint64Array;
  readonly f64: Float64Array;
}

/**
 * A column that is no typed array: elements by index.
 * @public
 */
export type ElementsOf<Type extends FieldType> = ArrayFieldView<
  Type["~faces"]["value"],
  Type["~faces"]["input"],
  Type["~faces"]["live"]
>;

/**
 * One column: a typed array of a scalar, the columns of a nested struct, elements by index of everything else. What a typed array is given
 * it converts and wraps as all of JavaScript's do, also of types that elsewhere throw or clamp.
 * @public
 */
export type Column<Type extends FieldType> = Type extends { readonly "~column": "elements" }
  ? ElementsOf<Type>
  : Type extends ScalarType<infer Name extends ScalarName>
    ? ScalarArrays[Name]
    : Type extends { readonly "~columns": infer Fields extends StructFields }
      ? StructColumns<Fields>
      : ElementsOf<Type>;

/**
 * The columns of a struct by the names of its fields. Each is checked when it is asked for: a column of dropped memory throws
 * UseAfterDropError; what was asked for before must not be used then.
 * @public
 */
export type StructColumns<Fields extends StructFields> = {
  readonly [Name in keyof Fields]: Column<Fields[Name]>;
};

/** A field to be laid out as a column, or the columns of a nested struct. */
interface ColumnField {
  readonly name: string;
  readonly type: FieldType;
  /** The fields of a nested struct. */
  readonly fields?: readonly ColumnField[] | undefined;
}

/** Allocates `length` zeroed elements of every field of a struct. */
export function makeStructColumns(
  struct: ViewedStruct,
  context: MemoryContext,
  length: number,
): object {
  checkArrayLength(struct.name, length);
  checkContext(context);
  const binding = struct.bindingAlone(placeOf(context).isChecked);
  return makeColumns(context, columnFields(struct.types), length, binding);
}

function columnFields(types: ReadonlyMap<string, FieldType>): ColumnField[] {
  return [...types].map(([name, type]) => ({
    name,
    type,
    fields: isStruct(type) && type.unmodified === type ? columnFields(type.types) : undefined,
  }));
}

function isStruct(type: FieldType): type is ViewedStruct {
  return "boundAlone" in type;
}

function makeColumns(
  context: MemoryContext,
  fields: readonly ColumnField[],
  length: number,
  binding: Binding,
): object {
  const { abi } = binding;
  const columnBytes = (type: FieldType): number =>
    alignUp(strideOf(type, abi) * length, columnAlign(type, abi));
  const leaves = leavesOf(fields);
  const align = Math.max(OBJECT_ALIGN, ...leaves.map(({ type }) => columnAlign(type, abi)));
  const byteLength = leaves.reduce(
    (end, { type }) => alignUp(end, columnAlign(type, abi)) + columnBytes(type),
    0,
  );
  const address = context.allocZeroed(byteLength, align);
  const lifetime = context.watch(address)!.lifetime;
  let next = address;
  const place = (type: FieldType): Address => {
    const start = alignUp(next, columnAlign(type, abi));
    next = start + columnBytes(type);
    return start;
  };
  const make = (nested: readonly ColumnField[]): object => {
    const columns: Record<string, unknown> = {};
    for (const { name, type, fields: inner } of nested) {
      const column: unknown =
        inner === undefined
          ? columnAt(context.arena, place(type), type, length, binding)
          : make(inner);
      Object.defineProperty(columns, name, {
        enumerable: true,
        get: () => {
          checkLifetime(lifetime, context, "columns");
          return column;
        },
      });
    }
    defineHidden(columns, "toJSON", () => jsonOfColumns(columns));
    printsAs(
      columns,
      () => NAME,
      () =>
        lifetime.isOver
          ? new Printed(`${NAME} (dropped)`)
          : new Printed(NAME, { ...columns }, length),
    );
    return columns;
  };
  return make(fields);
}

const NAME = "StructColumns";

/** Typed arrays as arrays; JSON asks all other columns itself. */
function jsonOfColumns(columns: Readonly<Record<string, unknown>>): object {
  const entries = Object.entries(columns).map(([name, column]): [string, unknown] => [
    name,
    ArrayBuffer.isView(column) ? jsonOf(Object.values(column)) : column,
  ]);
  return Object.fromEntries(entries);
}

function leavesOf(fields: readonly ColumnField[]): ColumnField[] {
  return fields.flatMap((field) => (field.fields === undefined ? field : leavesOf(field.fields)));
}

/** Bytes from one element of a column to the next. */
function strideOf(type: FieldType, abi: Abi): number {
  if (type instanceof ScalarType) return type.byteLength;
  return layOutArray(extentAlone(type, abi), 1, abi).stride;
}

function columnAlign(type: FieldType, abi: Abi): number {
  return Math.max(8, layOutArray(extentAlone(type, abi), 1, abi).align);
}

function columnAt(
  arena: Arena,
  address: Address,
  type: FieldType,
  length: number,
  binding: Binding,
): unknown {
  const chunk = arena.chunkAt(address);
  const offset = address - chunk.base;
  if (type instanceof ScalarType) {
    const scalar: ScalarName = type.scalar;
    const elements = chunk[scalar === "bool" ? "u8" : scalar];
    const first = offset / type.byteLength;
    return elements.subarray(first, first + length);
  }
  const knownAlign = columnAlign(type, binding.abi);
  const codec = new ArrayFieldType(type, length).bind({ ...binding, knownAlign });
  const view = codec.makeView!(arena);
  view.$enter(chunk);
  view.$offset = offset;
  return view;
}
