/**
 * Fields by address: `const at = Particle.at(heap); at.mass.get(address)`. The program sees no view: one cursor behind them
 * all finds the memory, which costs a few comparisons an access.
 */
import { type FieldAccess, accessorOf } from "../access/codec.js";
import type { Address, Heap, MemoryContext } from "@perfloc/trim";
import type { ViewedStruct } from "./bound-struct.js";
import { cursorNowhere } from "./cursors-in-heaps.js";
import { placeOf } from "./place.js";
import type { ArrayType } from "../fields/array-type.js";
import { type AtomicField, atomicField } from "./atomic-field.js";
import type { CursorBase } from "./cursor-base.js";
import { type FieldPlace, IndexOutOfBoundsError, partOf } from "../errors.js";
import type { StructFields } from "../fields/field-names.js";
import type { FoundPart } from "./field-path.js";
import type { FieldType } from "../fields/field-type.js";
import type { IntegerName } from "../layout/scalar-name.js";
import type { ScalarType } from "../fields/scalar.js";

/**
 * Reads and writes one field by the address of its struct.
 * @public
 */
export interface FieldStatics<Value, Input> {
  /** The value of the field; of a composed one as a plain value. @throws what `cursor.$to` throws */
  get(address: Address): Value;
  /** Stores a value. @throws what `cursor.$to` throws, InvalidValueError, UnknownFieldError */
  set(address: Address, value: Input): void;
}

/**
 * As {@link FieldStatics}, for integers.
 * @public
 */
export interface IntegerStatics<Value> extends FieldStatics<Value, Value> {
  /** Atomic access. @throws InvalidTypeError where the field is not aligned, or in big-endian order */
  readonly atomic: AtomicField<Value>;
}

/**
 * As {@link FieldStatics}, for structs and arrays within the struct: `of` has their fields, `element` their elements.
 * @public
 */
export interface RecordStatics<Value, Input, Fields extends StructFields> extends FieldStatics<
  Value,
  Input
> {
  readonly of: StructStatics<Fields>;
}

/** @public */
export interface ArrayStatics<Value, Input, Element extends FieldType> extends FieldStatics<
  Value,
  Input
> {
  /** One element, for all structs. @throws IndexOutOfBoundsError */
  element(index: number): StaticsOf<Element>;
}

/**
 * The access by address to a field of a type.
 * @public
 */
export type StaticsOf<Type extends FieldType> =
  Type extends ScalarType<IntegerName>
    ? IntegerStatics<Type["~faces"]["value"]>
    : Type extends ArrayType<infer Element>
      ? ArrayStatics<Type["~faces"]["value"], Type["~faces"]["input"], Element>
      : Type extends { readonly "~fields": infer Fields extends StructFields }
        ? RecordStatics<Type["~faces"]["value"], Type["~faces"]["input"], Fields>
        : FieldStatics<Type["~faces"]["value"], Type["~faces"]["input"]>;

/**
 * The access by address to the fields of a struct.
 * @public
 */
export type StructStatics<Fields extends StructFields> = {
  readonly [Name in keyof Fields]: StaticsOf<Fields[Name]>;
};

/** Access to the fields of a struct. */
export function staticsOfStruct(struct: ViewedStruct, place: Heap | MemoryContext): object {
  const cursor = cursorNowhere(struct, place);
  const { isChecked } = placeOf(place);
  const { codec } = struct.boundAlone(isChecked);
  const root = { structName: struct.name, fieldName: "", isChecked };
  return staticsOfMembers(cursor, { type: struct, codec, byteOffset: 0, place: root });
}

/** Access to all members of a record, each made when it is first asked for. */
function staticsOfMembers(
  cursor: CursorBase,
  { codec, byteOffset, place }: PartAt,
): Record<string, PartStatics> {
  const statics: Record<string, PartStatics> = {};
  const prefix = place.fieldName === "" ? "" : `${place.fieldName}.`;
  const made = prefix === "" ? codec.access?.inHeaps?.statics(cursor) : undefined;
  for (const member of codec.members ?? []) {
    const part = {
      type: member.type,
      codec: member.codec,
      byteOffset: byteOffset + member.byteOffset,
      place: partOf(place, prefix + member.name),
    };
    let known: PartStatics | undefined;
    Object.defineProperty(statics, member.name, {
      enumerable: true,
      get: () => (known ??= new PartStatics(cursor, part, made?.[member.name])),
    });
  }
  return statics;
}

interface PartAt extends Omit<FoundPart, "firstByte"> {
  readonly place: FieldPlace;
}

/** The property that a cursor has for a single value. */
interface FieldProperty {
  readonly get?: (this: CursorBase) => any;
  readonly set?: (this: CursorBase, value: any) => void;
}

/**
 * The access to a single value: through the property that a cursor has for it. `get` and `set` are constants of the closure,
 * so V8 inlines them where it inlines the access: 4.8 ns for each of nine. Rejected: the codec's functions, reached through
 * the part, which V8 calls: 8.6 ns.
 */
function directAccess(cursor: CursorBase, { get, set }: FieldProperty): FieldAccess {
  return {
    get: (address) => get!.call(cursor.$to(address)),
    set: (address, value) => {
      set!.call(cursor.$to(address), value);
    },
  };
}

/** The access that all structs share. */
function generalAccess(cursor: CursorBase, part: PartAt): FieldAccess {
  const { byteOffset, codec } = part;
  return codec.makeView === undefined
    ? directAccess(cursor, accessorOf(codec, byteOffset))
    : recordAccess(cursor, part);
}

/** The access to what is stored in parts: it is checked as a whole before, where a single value checks itself. */
function recordAccess(cursor: CursorBase, { codec, byteOffset, type, place }: PartAt): FieldAccess {
  return {
    get: (address) => codec.read(cursor.$to(address), cursor.$offset + byteOffset),
    set: (address, value) => {
      const plain = type.settle(value);
      cursor.$to(address);
      type.check(plain, place);
      codec.write(cursor, cursor.$offset + byteOffset, plain);
    },
  };
}

class PartStatics implements FieldAccess {
  readonly get: FieldAccess["get"];
  readonly set: FieldAccess["set"];
  readonly #cursor: CursorBase;
  readonly #part: PartAt;
  #of: Record<string, PartStatics> | undefined;
  #atomic: AtomicField<any> | undefined;

  constructor(cursor: CursorBase, part: PartAt, made?: FieldAccess) {
    const access = made ?? generalAccess(cursor, part);
    this.get = access.get;
    this.set = access.set;
    this.#cursor = cursor;
    this.#part = part;
  }

  get of(): Record<string, PartStatics> {
    return (this.#of ??= staticsOfMembers(this.#cursor, this.#part));
  }

  get atomic(): AtomicField<any> {
    return (this.#atomic ??= atomicField(this.#cursor, this.#part));
  }

  element(index: number): PartStatics {
    const { codec, byteOffset, place } = this.#part;
    const { type, codec: element, stride, length } = codec.elements!;
    const fieldName = `${place.fieldName}[${index}]`;
    if (!Number.isInteger(index) || index < 0 || index >= length)
      throw new IndexOutOfBoundsError(`field ${place.fieldName}`, index, length);
    return new PartStatics(this.#cursor, {
      type,
      codec: element,
      byteOffset: byteOffset + index * stride,
      place: partOf(place, fieldName),
    });
  }
}
