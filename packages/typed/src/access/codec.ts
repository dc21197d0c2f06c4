/**
 * How a value is read and written at its place: the interface between the layouts and cursors on one side and the types of fields
 * on the other.
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
import type { Address, MemoryContext } from "@perfloc/trim";
import type { Abi } from "../layout/abi.js";
import type { PlacedBits } from "../layout/layout.js";
import type { FieldPlace } from "../errors.js";
import type { Accessor, ArrayName, Memory, PlacedMemory } from "./memory.js";
import type { TextUndo } from "./text-undo.js";
import type { ChildMaker, View } from "./view.js";

/** A field type, as far as what stores its values knows it. */
export interface CheckedType {
  readonly name: string;
  /** Refuses values that the type does not take. @throws InvalidValueError */
  check(value: unknown, place: FieldPlace): void;
  /** The value with every view in it replaced by the plain value that it shows. */
  settle(value: unknown): unknown;
}

/** The place of a field, and how it is read and written there. */
export interface Binding extends FieldPlace {
  readonly abi: Abi;
  /** Every place of the field is a multiple of this: less than its own alignment where a struct is packed. */
  readonly knownAlign: number;
  /** `be()`. The machine is little-endian, as are all that JavaScript engines run on today. */
  readonly isBigEndian: boolean;
  /** Whether writes refuse values out of range: the check level of the heap. */
  readonly isChecked: boolean;
  /** Of a group of bit fields: where each is, from the beginning of the struct. */
  readonly placedBits?: readonly PlacedBits[] | undefined;
}

/** Reads and writes one field type at one kind of place. */
export interface Codec<Value = any, Input = Value> {
  /** Bytes from the offset that it reads or writes at most. */
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
  /** Whether writes store strings, which may find no room, or weak references, which may find no object: they write all or nothing. */
  readonly storesTexts?: boolean;
  /** The property of a cursor whose struct has the field `byteOffset` bytes after its beginning, where it does more than read and write. */
  readonly accessor?: (byteOffset: number) => Accessor;
  /** For types that are seen through a view of their own: makes that view, to be moved by the view around it. */
  readonly makeView?: ChildMaker;
  /** The parts of a record. */
  readonly members?: readonly BoundMember[];
  /** The parts of a struct: they do not overlap, and each is written by itself. */
  readonly fields?: readonly BoundMember[];
  /** The text that reads and writes it; `undefined` for types that their codec reads and writes. */
  readonly source?: FieldSource;
  /** The functions that were made for a struct. */
  readonly made?: MadeFunctions;
  /** The same for its views. */
  readonly access?: MadeAccess | undefined;
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
  readonly type: CheckedType;
  readonly codec: Codec;
  /** From the beginning of the record; bit fields count from there themselves and have 0. */
  readonly byteOffset: number;
  /** The byte that it begins in, for `offsetOf` and messages. */
  readonly firstByte: number;
}

export interface BoundElements {
  readonly type: CheckedType;
  readonly codec: Codec;
  readonly length: number;
  /** Bytes from one element to the next. */
  readonly stride: number;
}

/**
 * The text of one field type at one kind of place. `array` is the expression of the typed array that it is in, `at` that of the byte where
 * the record begins: a multiple of the alignment that is known of it.
 */
export interface FieldSource {
  readonly array: ArrayName;
  /** Whether it shares its bytes with other fields: writes keep their bits. */
  readonly isPart?: boolean;
  /** An expression, without side effects: whether `write` stores the value. */
  takes(value: string): string;
  /** An expression; types without one are read by their codec. */
  readonly read?: (array: string, at: string, byteOffset: number) => string;
  /** A statement that stores a value for which `takes` is true. */
  write(array: string, at: string, byteOffset: number, value: string): string;
}

/** What the text of a record returns. */
export interface RecordFunctions {
  /** Allocates a struct with values. */
  readonly alloc: (context: MemoryContext, value: unknown) => Address;
  /** Appends values to the array that it is a method of. */
  readonly push: (this: object, ...values: unknown[]) => number;
  /** Stores values where a view is; false, with nothing stored, for values that the general setter has to store or refuse. */
  readonly set: (memory: PlacedMemory, value: unknown) => boolean;
  /** The values at a byte of a chunk, as a plain object. */
  readonly read: (memory: Memory, at: number) => unknown;
}

/** The functions that were made for a struct, and their text. */
export interface MadeFunctions {
  /** `undefined` for structs that have no functions of text. */
  readonly source: { readonly text: string } | undefined;
  /** `undefined` where there is no text, or the host makes no functions of text. Made when they are first asked for. */
  readonly functions: RecordFunctions | undefined;
}

/** Reads and writes a field by the address of its struct. */
export interface FieldAccess {
  readonly get: (address: Address) => any;
  readonly set: (address: Address, value: any) => void;
}

/** The functions made for a struct that find it in heaps: see made/in-heaps-source.ts. */
export interface MadeInHeaps {
  /** Access to its fields by address, through a cursor. */
  readonly statics: (cursor: View) => Readonly<Record<string, FieldAccess>>;
  /** `cursor` of its struct. */
  readonly cursor: (place: never, address?: Address) => any;
  /** `$to` of its cursors. */
  readonly to: (this: View, address: Address) => View;
  /** `at` of its arrays, and `next` of what iterates over them. */
  readonly at: (index: number) => any;
  readonly next: () => any;
  /** `at` of growing arrays of it, and `next` of what iterates over them. */
  readonly elementAt: (index: number) => any;
  readonly nextElement: () => any;
}

/** The functions made for the views of one record: see made/access-source.ts. */
export interface MadeAccess {
  /** The properties of its views by field name, for the fields that have a text. */
  readonly fields: Readonly<Record<string, Accessor>>;
  /** Whether two are equal; left out for records with fields that are not compared by their bytes. */
  readonly equals?: NonNullable<Codec["equals"]>;
  /** Left out in programs without heaps. */
  readonly inHeaps?: MadeInHeaps;
}

/** The property of a value that is read and written through a codec. */
export function accessorOf(codec: Codec, byteOffset: number): Accessor {
  return codec.accessor?.(byteOffset) ?? codecAccessor(codec, byteOffset);
}

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
