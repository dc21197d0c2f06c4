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
import type { Abi } from "./abi.js";
import type { Memory, ArrayName, PlacedMemory } from "./memory.js";
import { InvalidValueError } from "./errors.js";

/** Length and alignment in bytes. */
export interface Extent {
  readonly size: number;
  readonly align: number;
}

/** Where a field came to lie, and how it is to be treated there. */
export interface Binding {
  readonly abi: Abi;
  /** Every place of the field is a multiple of this: less than its own alignment where a struct is packed. */
  readonly knownAlign: number;
  /** `be()` and `le()`; the byte order of the machine, little, without. */
  readonly isBigEndian: boolean;
  /** Whether writes check values: the check level of the heap. */
  readonly isChecked: boolean;
  /** Names for errors. */
  readonly structName: string;
  readonly fieldName: string;
}

/** A property of a cursor. */
export type Accessor = PropertyDescriptor & ThisType<PlacedMemory>;

/** Reads and writes one field type at one kind of place. */
export interface Codec<Value = any, Input = Value> {
  /** The arrays that it reads and writes. */
  readonly arrays: readonly ArrayName[];
  /** The plain value at a byte of the chunk. */
  read(memory: Memory, offset: number): Value;
  /** Stores a value; touches no other byte. @throws InvalidValueError for what the type does not take */
  write(memory: Memory, offset: number, value: Input): void;
  /** The property of a cursor whose struct has the field `byteOffset` bytes after its beginning. */
  accessor(byteOffset: number): Accessor;
  /** For types that are seen through a view of their own: makes that view, to be moved by the cursor that holds it. */
  readonly makeChild?: () => ChildView;
}

/** A view of a part of a struct. The cursor that it belongs to gives it its arrays and its place. */
export interface ChildView extends PlacedMemory {
  /** Takes over the arrays of the cursor, which points into another chunk now. */
  $follow(memory: Memory): void;
}

/** The three sides of a field type in TypeScript; no object has it. */
declare const faces: unique symbol;

/**
 * The type of a field.
 *
 * @typeParam Value - what `toObject` answers
 * @typeParam Input - what can be stored
 * @typeParam Live - what the property of a cursor is
 * @public
 */
export abstract class FieldType<out Value = any, out Input = any, out Live = any> {
  /** @internal */
  declare readonly [faces]: [Value, Input, Live];

  /** How it is written in a struct: `u8`, `array(f32, 3)`. */
  abstract readonly name: string;

  /** Length and alignment under an ABI. @internal */
  abstract measure(abi: Abi): Extent;

  /** How it is read and written at its place. @internal */
  abstract bind(binding: Binding): Codec;

  /** Why it does not take a value; `undefined` when it does. Runs before anything is written. @internal */
  abstract refusal(value: unknown): string | undefined;

  /** The declaration of a member of this type in C. @internal */
  abstract declare(name: string): string;
}

/**
 * The type of a field that is assigned as a whole: `cursor.mass = 1`.
 * @public
 */
export abstract class ValueType<out Value = any> extends FieldType<Value, Value, Value> {
  /** Tells it apart from {@link ViewType} for TypeScript. @internal */
  declare readonly isValue: true;
}

/**
 * The type of a field that is a view of its own: `cursor.position.x = 1`.
 * @public
 */
export abstract class ViewType<out Value = any, out Input = any, out Live = any> extends FieldType<
  Value,
  Input,
  Live
> {
  /** @internal */
  declare readonly isValue: false;
}

/** The property that reads and writes through a codec: for types that have none of their own. */
export function codecAccessor(codec: Pick<Codec, "read" | "write">, byteOffset: number): Accessor {
  return {
    get() {
      return codec.read(this, this.$offset + byteOffset);
    },
    set(value: unknown) {
      codec.write(this, this.$offset + byteOffset, value);
    },
  };
}

/** @throws InvalidValueError when the type of a field does not take a value */
export function checkValue(
  type: FieldType,
  { structName, fieldName }: Binding,
  value: unknown,
): void {
  const refusal = type.refusal(value);
  if (refusal !== undefined)
    throw new InvalidValueError(structName, fieldName, value, type.name, refusal);
}
