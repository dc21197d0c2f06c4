/**
 * What a field type is: the interface between layouts and cursors above and the types of fields below.
 *
 *   type                     how many bytes, under which alignment     measure(abi)
 *     |  bind(binding)       where it came to lie is known now
 *     v
 *   codec                    reads and writes a value at a byte        read(memory, offset)   write(memory, offset, value)
 *                            is the property of a cursor               accessor(byteOffset)
 *
 * A type is bound once for each place that it has in a struct. Reads and writes go through the arrays of a {@link Memory},
 * which every cursor is; offsets count from the beginning of its chunk.
 */
import type { Abi } from "../layout/abi.js";
import type { FieldSource } from "../access/field-source.js";
import type { MadeRecord } from "../access/made-record.js";
import type { FieldPlace } from "../errors.js";
import type { BitMember, PlacedBits } from "../layout/layout.js";
import type { ArrayName, Memory, PlacedMemory } from "../access/memory.js";
import type { TextUndo } from "./text-undo.js";
import type { ChildMaker } from "../views/view.js";

/** Length and alignment in bytes. */
export interface Extent {
  readonly size: number;
  readonly align: number;
  /** The alignment in a packed struct, by `aligned()`; 1 without. */
  readonly packedAlign?: number;
  /** A group of bit fields; `size` and `align` are those of the base type. */
  readonly bits?: readonly BitMember[];
}

/** Where a field came to lie, and how it is to be treated there. */
export interface Binding extends FieldPlace {
  readonly abi: Abi;
  /** Every place of the field is a multiple of this: less than its own alignment where a struct is packed. */
  readonly knownAlign: number;
  /** `be()`. The byte order of the machine is little, as of all that JavaScript engines run on today. */
  readonly isBigEndian: boolean;
  /** Whether writes refuse values out of range: the check level of the heap. */
  readonly isChecked: boolean;
  /** Of a group of bit fields: where each is, from the beginning of the struct. */
  readonly placedBits?: readonly PlacedBits[] | undefined;
}

/** A property of a cursor. */
export type Accessor = PropertyDescriptor & ThisType<PlacedMemory>;

/** Reads and writes one field type at one kind of place. */
export interface Codec<Value = any, Input = Value> {
  /** Bytes that it reads and writes at most. */
  readonly size: number;
  /** The arrays that it reads and writes. */
  readonly arrays: readonly ArrayName[];
  /** The plain value at a byte of the chunk. */
  readonly read: (memory: Memory, offset: number) => Value;
  /**
   * Stores a value; touches no other byte. @throws InvalidValueError for what the type does not take, where it is checked
   * @param undo - of the write around it, for types that store strings
   */
  readonly write: (memory: Memory, offset: number, value: Input, undo?: TextUndo) => void;
  /** Whether writes store strings: they may then find no room, and write all or nothing. */
  readonly storesTexts?: boolean;
  /** The property of a cursor whose struct has the field `byteOffset` bytes after its beginning. Types with a view have none. */
  readonly accessor?: (byteOffset: number) => Accessor;
  /** For types that are seen through a view of their own: makes that view, to be moved by the view around it. */
  readonly makeView?: ChildMaker;
  /** The parts of a record. */
  readonly members?: readonly BoundMember[];
  /** The same of a struct: parts that do not overlap, each written for itself. */
  readonly fields?: readonly BoundMember[];
  /** How it is read and written, as text. */
  readonly source?: FieldSource;
  /** The functions that were made for a struct. */
  readonly made?: MadeRecord;
  /** The elements of an array. */
  readonly elements?: BoundElements;
  /** The array of an aligned integer, for atomic access. */
  readonly integers?: ArrayName;
  /** Whether two values are the same; the same bytes, unless it is given. */
  readonly equals?: (memory: Memory, offset: number, other: Memory, otherOffset: number) => boolean;
}

/** A part of a record at its place. */
export interface BoundMember {
  readonly name: string;
  readonly type: FieldType;
  readonly codec: Codec;
  /** From the beginning of the record; bit fields count from there themselves and have 0. */
  readonly byteOffset: number;
  /** The byte that it begins in, for people. */
  readonly firstByte: number;
}

export interface BoundElements {
  readonly type: FieldType;
  readonly codec: Codec;
  readonly length: number;
  /** Bytes from one element to the next. */
  readonly stride: number;
}

/**
 * The three sides of a field type in TypeScript. No object has them.
 * @public
 */
export interface FieldFaces<out Value, out Input, out Live, out IsValue extends boolean> {
  /** What `toObject` answers. */
  readonly value: Value;
  /** What can be stored. */
  readonly input: Input;
  /** What the property of a cursor is. */
  readonly live: Live;
  /** Whether the property is assigned as a whole. */
  readonly isValue: IsValue;
}

const NO_TYPES: readonly FieldType[] = [];

/**
 * The type of a field: what {@link struct} takes. Made by the constants and functions of this package only.
 * @public
 */
export abstract class FieldType<
  out Value = any,
  out Input = any,
  out Live = any,
  out IsValue extends boolean = boolean,
> {
  /** For TypeScript alone. */
  declare readonly "~faces": FieldFaces<Value, Input, Live, IsValue>;

  /** How it is written in a struct: `u8`, `array(f32, 3)`. */
  abstract readonly name: string;

  /** Length and alignment under an ABI. @internal */
  abstract measure(abi: Abi): Extent;

  /** How it is read and written at its place. @internal */
  abstract bind(binding: Binding): Codec;

  /** Whether it takes a value, before anything is written. @throws InvalidValueError when it does not @internal */
  abstract check(value: unknown, place: FieldPlace): void;

  /**
   * What is passed, without views: each becomes the plain value that it shows, before anything is allocated, moved or written. Whatever
   * else is as it was, for `check` to see. @internal
   */
  settle(value: unknown): unknown {
    return value;
  }

  /** The declaration of a member of this type in C, without the semicolon. @internal */
  abstract declaration(name: string): string;

  /** The types that it is made of. @internal */
  get parts(): readonly FieldType[] {
    return NO_TYPES;
  }

  /** All that two types must share to read each other's bytes. @internal */
  get signature(): string {
    return this.name;
  }
}

/**
 * The type of a field that is assigned as a whole: `cursor.mass = 1`.
 * @public
 */
export abstract class ValueType<out Value = any> extends FieldType<Value, Value, Value, true> {}

/**
 * The type of a field that is a view of its own: `cursor.position.x = 1`.
 * @public
 */
export abstract class ViewType<out Value = any, out Input = any, out Live = any> extends FieldType<
  Value,
  Input,
  Live,
  false
> {}

/** The property that reads and writes through a codec: for types that have none of their own. */
export function codecAccessor(codec: Codec, byteOffset: number): Accessor {
  return {
    get() {
      return codec.read(this, this.$offset + byteOffset);
    },
    set(value: unknown) {
      codec.write(this, this.$offset + byteOffset, value);
    },
  };
}
