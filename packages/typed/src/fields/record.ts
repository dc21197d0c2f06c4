/**
 * Records: structs, unions and groups of bit fields are all some members at some offsets. What reads and writes them as
 * plain objects, compares them, and makes the class of their views.
 */
import { type BoundMember, type Codec, accessorOf } from "../access/codec.js";
import { madeAccess } from "../made/made-access.js";
import { type NotedWrite, type TextUndo, wholeWrite } from "../access/text-undo.js";
import {
  type FieldPlace,
  InvalidValueError,
  UnknownFieldError,
  partOf,
  refusedValue,
} from "../errors.js";
import type { FieldType } from "./field-type.js";
import type { ArrayName, Memory } from "../access/memory.js";
import { beginNowhere } from "../access/nowhere.js";
import { printedView } from "./printed-value.js";
import {
  type ChildMaker,
  View,
  childAccessor,
  defineChildren,
  defineField,
  defineHidden,
} from "../access/view.js";

/** What a plain object is to a record: names and values. */
export type Plain = Record<string, unknown>;

/** The codec of a record, whose views are of the class that `defineRecord` was called for. */
export function recordCodec(size: number, members: readonly BoundMember[]): Codec<Plain> {
  const storesTexts = members.some(({ codec }) => codec.storesTexts === true);
  const write: NotedWrite = (memory, offset, input, undo) =>
    writeMembersNoted(members, memory, offset, input, undo);
  return {
    size,
    arrays: arraysOf(members.map(({ codec }) => codec)),
    storesTexts,
    members,
    read: (memory, offset) => readMembers(members, memory, offset),
    write: storesTexts
      ? wholeWrite(size, write)
      : (memory, offset, input: Plain) => writeMembers(members, memory, offset, input),
    equals: (memory, offset, other, otherOffset) =>
      members.every(({ codec, byteOffset }) =>
        equalValues(codec, memory, offset + byteOffset, other, otherOffset + byteOffset),
      ),
  };
}

/** The same codec with the views of a record that has no class of its own yet. */
export function withViews(codec: Codec, type: FieldType, place: FieldPlace): Codec {
  const RecordView = class extends View {};
  const access = madeAccess({ size: codec.size, align: 1, members: codec.members! });
  defineRecord(RecordView.prototype, { ...codec, access }, type, place);
  return { ...codec, makeView: (arena) => new RecordView(arena) };
}

/** Defines the members as properties of views, and what every view of a record has. */
export function defineRecord(
  prototype: View,
  codec: Codec,
  type: FieldType,
  place: FieldPlace,
): void {
  const makers: ChildMaker[] = [];
  for (const { name, codec: member, byteOffset } of codec.members!) {
    const made = codec.access?.fields[name];
    const { makeView } = member;
    const general =
      makeView === undefined
        ? accessorOf(member, byteOffset)
        : childAccessor(byteOffset, makers.length);
    defineField(prototype, name, made ?? general);
    if (makeView !== undefined) makers.push(makeView);
  }
  defineViewMethods(prototype, codec, type, place);
  defineChildren(prototype, makers);
}

/** What views of every kind have: the arrays of nowhere, `$set`, and how they look to JSON and on a console. */
export function defineViewMethods(
  prototype: View,
  codec: Codec,
  type: FieldType,
  place: FieldPlace,
): void {
  beginNowhere(prototype, type.name);
  defineHidden(prototype, "$arrays", codec.arrays);
  defineHidden(prototype, "$typeName", type.name);
  defineHidden(prototype, "$set", function $set(this: View, value: unknown) {
    if (value === this) throw movedValue(place);
    if (codec.made?.functions?.set(this, value) === true) return;
    const plain = type.settle(value);
    type.check(plain, place);
    codec.write(this, this.$offset, plain);
  });
  defineHidden(prototype, "$read", function $read(this: View): unknown {
    return codec.read(this, this.$offset);
  });
  defineHidden(prototype, "toJSON", function toJSON(this: View): unknown {
    return jsonOf(codec.read(this, this.$offset));
  });
  defineHidden(prototype, "$print", function $print(this: View, limit: number): unknown {
    return printedView(this, codec, limit);
  });
}

/**
 * A view set to itself: `array.at(0).$set(array.at(1))`, whose view was moved when it was asked for the second time. Nothing would be
 * copied, without a word.
 */
function movedValue(place: FieldPlace): InvalidValueError {
  return new InvalidValueError(
    place,
    undefined,
    "was to be set to itself: an array returns the same view each time, which moved when it was asked for again",
    "Copy with copy() of the struct, by addresses, or set it to a plain object.",
  );
}

/** A value as JSON can have it: bigints become their digits. Objects that have a JSON of their own, dates among them, are left to it. */
export function jsonOf(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object" || value === null || "toJSON" in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, jsonOf(part)]));
}

/**
 * A view as the plain object that it shows, and a plain object as one without views and getters: each value is asked for once, before there is a
 * place for it. Everything else as it is.
 */
export function settleRecord(types: ReadonlyMap<string, FieldType>, value: unknown): unknown {
  if (value instanceof View) return value.$read();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]): [string, unknown] => [
      name,
      part === undefined ? part : (types.get(name)?.settle(part) ?? part),
    ]),
  );
}

/** @throws InvalidValueError for what is no object, UnknownFieldError for what no member is called; what members throw */
export function checkRecord(
  types: ReadonlyMap<string, FieldType>,
  typeName: string,
  value: unknown,
  place: FieldPlace,
): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refusedValue(place, typeName, "an object with values of its fields", value);
  const { structName } = place;
  const prefix = place.fieldName === "" ? "" : `${place.fieldName}.`;
  for (const [name, part] of Object.entries(value)) {
    const fieldName = `${prefix}${name}`;
    const type = types.get(name);
    if (type === undefined) throw new UnknownFieldError(structName, fieldName);
    if (part !== undefined) type.check(part, partOf(place, fieldName));
  }
}

/** Whether two values of a type are the same: by their bytes unless the type knows better. */
export function equalValues(
  codec: Codec,
  memory: Memory,
  offset: number,
  other: Memory,
  otherOffset: number,
): boolean {
  const equals = codec.equals ?? equalBytes(codec);
  return equals(memory, offset, other, otherOffset);
}

/** Whether all bytes are the same: for unions, too, where it is not known which member is meant. */
export function equalBytes({ size }: Codec): NonNullable<Codec["equals"]> {
  return (memory, offset, other, otherOffset) => {
    for (let byte = 0; byte < size; byte++)
      if (memory.$u8[offset + byte] !== other.$u8[otherOffset + byte]) return false;
    return true;
  };
}

/** The arrays of all codecs, each once. Bytes are always among them: comparing and copying need them. */
export function arraysOf(codecs: readonly Codec[]): ArrayName[] {
  return [...new Set<ArrayName>(["u8", ...codecs.flatMap(({ arrays }) => arrays)])];
}

/** The values of all members, in order. */
function readMembers(members: readonly BoundMember[], memory: Memory, offset: number): Plain {
  const values: Plain = {};
  for (const { name, codec, byteOffset } of members)
    values[name] = codec.read(memory, offset + byteOffset);
  return values;
}

/** The values that there are, in the order of the members; the others stay. */
function writeMembers(
  members: readonly BoundMember[],
  memory: Memory,
  offset: number,
  values: Plain,
): void {
  for (const { name, codec, byteOffset } of members) {
    const value = ownValue(values, name);
    if (value !== undefined) codec.write(memory, offset + byteOffset, value);
  }
}

/** The value of a member, if there is one. What an object inherits was not checked, and is no value of it: `toString`. */
function ownValue(values: Plain, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The same where some are strings: apart, so that records without strings do not pay for it. */
function writeMembersNoted(
  members: readonly BoundMember[],
  memory: Memory,
  offset: number,
  values: Plain,
  undo: TextUndo | undefined,
): void {
  for (const { name, codec, byteOffset } of members) {
    const value = ownValue(values, name);
    if (value !== undefined) codec.write(memory, offset + byteOffset, value, undo);
  }
}
