/** Structs: a name, fields, and where the fields lie. Describes memory and holds none. */
import {
  type Address,
  type Arena,
  Heap,
  InvalidOptionError,
  MemoryContext,
  UseAfterDropError,
} from "@perfloc/trim";
import type { CursorBase } from "./cursor-base.js";
import { type Cursor, type CursorClass, type CursorInstance, cursorClassFor } from "./cursor.js";
import { InvalidValueError, UnknownFieldError } from "./errors.js";
import { type FieldLayout, type StructLayout, layoutOf } from "./layout.js";
import { printLayout } from "./print-layout.js";
import type { ScalarName } from "./scalar.js";
import { type StructFields, type StructObject, checkFields } from "./struct-fields.js";

const NO_NAMES: readonly string[] = [];

/**
 * A struct type: made with {@link struct}, never constructed directly.
 * @public
 */
export class Struct<Fields extends StructFields> {
  /** The name that it was made with. */
  readonly name: string;
  /** Length in bytes, a multiple of `align`. */
  readonly size: number;
  /** Alignment in bytes: what an address of this struct is a multiple of. */
  readonly align: number;
  readonly #layout: StructLayout;
  readonly #fields: ReadonlyMap<string, FieldLayout>;
  readonly #Cursor: CursorClass<Fields>;

  /** @internal */
  constructor(name: string, fields: Fields) {
    const layout = layoutOf(checkFields(name, fields));
    this.name = name;
    this.size = layout.byteLength;
    this.align = layout.alignment;
    this.#layout = layout;
    this.#fields = new Map(layout.fields.map((field) => [field.name, field]));
    this.#Cursor = cursorClassFor<Fields>(name, layout);
  }

  /**
   * How many bytes after the address of a struct a field begins.
   * @throws UnknownFieldError `PERFLOC_TYPED_UNKNOWN_FIELD`
   */
  offsetOf(field: keyof Fields & string): number {
    return this.#field(field).byteOffset;
  }

  /**
   * Allocates a struct in a context. Every byte is zero, padding included, but for the fields that `init` names.
   * @param init - values of some or all fields, of the fields' JavaScript types
   * @returns its address, a multiple of `align`; it lives as long as an object that `context.alloc` answers
   * @throws UnknownFieldError `PERFLOC_TYPED_UNKNOWN_FIELD`, InvalidValueError `PERFLOC_TYPED_INVALID_VALUE` for what is in
   * `init`; nothing is then allocated
   * @throws what `context.alloc` throws
   * @remarks Complexity: O(bytes).
   */
  alloc(context: MemoryContext, init?: Partial<StructObject<Fields>>): Address {
    const names = init === undefined ? NO_NAMES : Object.keys(init);
    const values = names.map((name) => this.#checkedValue(name, init?.[name]));
    // Every object is 8-aligned, and no field needs more.
    const address = context.allocZeroed(this.size);
    if (names.length > 0) {
      const cursor: CursorBase = this.#cursorAt(context, address);
      for (const [position, name] of names.entries()) {
        if (values[position] !== undefined) cursor[name] = values[position];
      }
    }
    return address;
  }

  /**
   * Makes a cursor on the structs of a heap: a view with the fields as properties, to be pointed elsewhere with `$to`.
   *
   * Make one and move it: making costs a few dozen nanoseconds and an object, moving costs a few comparisons.
   * @param place - the heap, or any context of it: a cursor made from a context can point at objects of others, too
   * @param address - where it points first; without one it points nowhere, and its fields throw InvalidAddressError
   * @throws InvalidAddressError `PERFLOC_TYPED_INVALID_ADDRESS`
   * @throws InvalidOptionError `PERFLOC_TYPED_INVALID_OPTION` when `place` is neither heap nor context
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED` when `place` is a dropped context
   */
  cursor(place: Heap | MemoryContext, address?: Address): Cursor<Fields> {
    return this.#cursorAt(place, address);
  }

  /**
   * Reads a whole struct into a plain object, fields in order.
   * @throws as `cursor`
   */
  toObject(place: Heap | MemoryContext, address: Address): StructObject<Fields> {
    return this.#cursorAt(place, address).toJSON();
  }

  /** A table of offsets, lengths, types and padding, for people. */
  layout(): string {
    return printLayout(this.name, this.#layout);
  }

  /** Values are read once and checked before anything is allocated, so that writing them cannot fail. */
  #checkedValue(name: string, value: unknown): unknown {
    const { type } = this.#field(name);
    const expected = typeofField(type.name);
    if (value === undefined || typeof value === expected) return value;
    throw new InvalidValueError(this.name, name, value, type.name, expected);
  }

  #field(name: string): FieldLayout {
    const field = this.#fields.get(name);
    if (field !== undefined) return field;
    throw new UnknownFieldError(this.name, name);
  }

  #cursorAt(place: Heap | MemoryContext, address: Address | undefined): CursorInstance<Fields> {
    const cursor = new this.#Cursor(arenaOf(place));
    return address === undefined ? cursor : cursor.$to(address);
  }
}

/**
 * Describes a struct with the layout that C gives it (System V ABI for x86-64): fields in order, each naturally aligned.
 * @param name - an identifier, for errors and tables
 * @param fields - field types by name: `{ x: f32, alive: bool }`. Names are identifiers without `$`; `__proto__`,
 * `constructor` and `toJSON` are reserved
 * @throws InvalidStructError `PERFLOC_TYPED_INVALID_NAME`, `PERFLOC_TYPED_INVALID_FIELDS`, `PERFLOC_TYPED_EMPTY_STRUCT`,
 * `PERFLOC_TYPED_UNKNOWN_TYPE`
 * @example
 * ```ts
 * const Particle = struct("Particle", { mass: f64, alive: bool, id: u32 });
 * const address = Particle.alloc(context, { mass: 1.5, alive: true });
 * const particle = Particle.cursor(context, address);
 * particle.mass += 1;
 * ```
 * @public
 */
export function struct<const Fields extends StructFields>(
  name: string,
  fields: Fields,
): Struct<Fields> {
  return new Struct(name, fields);
}

function arenaOf(place: Heap | MemoryContext): Arena {
  if (place instanceof MemoryContext) {
    if (!place.isDropped) return place.arena;
    throw new UseAfterDropError(
      "PERFLOC_TYPED_CONTEXT_DROPPED",
      `context "${place.name}"`,
      `cannot view structs of context "${place.name}": it was dropped`,
      "Use the heap, or a context that is alive.",
    );
  }
  if (place instanceof Heap) return place.arena;
  throw new InvalidOptionError(
    "PERFLOC_TYPED_INVALID_OPTION",
    "place",
    place,
    "structs are viewed in a Heap or a MemoryContext",
  );
}

function typeofField(type: ScalarName): "boolean" | "bigint" | "number" {
  if (type === "bool") return "boolean";
  return type === "i64" || type === "u64" ? "bigint" : "number";
}
