/**
 * The elements of a collection: equally long slots, one behind the other, read and written by number.
 *
 *   chunk   | ... | slot 0 | slot 1 | slot 2 | ...
 *                 offset   offset + stride
 *
 * Three kinds: scalars through the typed array of their width, held directly (hot); other values through their codec; structs
 * and arrays through one view that is moved from slot to slot.
 */
import type { MadeInHeaps } from "../access/codec.js";
import type { TopChunk } from "@perfloc/trim";
import { type Abi, type AbiName, abis } from "../layout/abi.js";
import { type FieldPlace, refusedValue } from "../errors.js";
import type { FieldType } from "../fields/field-type.js";
import { elementExtent } from "../layout/extent.js";
import { alignUp } from "../layout/layout.js";
import type { ScalarName } from "../layout/scalar-name.js";
import { scalarFacts } from "../layout/scalar-facts.js";
import { scalarPush } from "../made/scalar-push.js";
import { ScalarType } from "../fields/scalar.js";
import type { TextUndo } from "../access/text-undo.js";

/** Scalars that are no numbers in JavaScript. */
const NO_NUMBERS: ReadonlySet<ScalarName> = new Set(["bool", "i64", "u64"]);

/** The array of slots without memory, which is never read. Shared: programs make collections for each request. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** In bytes: larger ranges are zeroed by `fill`. */
const MAX_LOOPED_BYTES = 64;

export abstract class Slots {
  /** Bytes from one slot to the next. */
  readonly stride: number;
  readonly align: number;
  readonly type: FieldType;
  readonly place: FieldPlace;
  /** Whether elements are JavaScript numbers. */
  readonly hasNumbers: boolean;
  /** Whether `write` stores strings, and so throws where there is no room for them. */
  readonly storesTexts: boolean;
  /** Whether a number that is not stored as it is, is refused. */
  readonly isExact: boolean = false;
  /** `push` of the array, made for a struct. */
  readonly pushRecord: ((...values: any[]) => number) | undefined = undefined;
  /** `push` of an array of integers, made for their type. */
  readonly pushScalar: ((...values: any[]) => number) | undefined = undefined;
  /** What was made for the arrays of a struct. */
  readonly inHeaps: MadeInHeaps | undefined = undefined;
  /** All bytes of the chunk. */
  bytes: Uint8Array = NO_BYTES;
  /** Where slot 0 begins in it. */
  offset = 0;

  constructor(type: FieldType, place: FieldPlace, storesTexts: boolean = false) {
    const { size, align } = elementExtent(type, abiOf(type));
    this.type = type;
    this.place = place;
    this.storesTexts = storesTexts;
    this.hasNumbers = type instanceof ScalarType && !NO_NUMBERS.has(type.scalar);
    this.stride = alignUp(size, align);
    this.align = align;
  }

  /** What an element is to the program: a value, or the view, moved there. */
  abstract read(slot: number): any;

  /** A copy of the element that depends on nothing. */
  abstract readValue(slot: number): any;

  /** The same for consoles: with at most `limit` elements of arrays, and the reason in the place of what cannot be read. */
  printed(slot: number, _limit: number): unknown {
    return this.readValue(slot);
  }

  /** Stores a value. @returns false when the type does not take it; the slot is then as it was */
  abstract write(slot: number, value: unknown, undo?: TextUndo): boolean;

  /**
   * What `write` is to store for a value, where it cannot tell whether it can: without views, which growing moves.
   * @throws InvalidValueError
   */
  abstract settle(value: unknown): any;

  /** Takes the arrays of the chunk that the slots lie in now. */
  moveTo(chunk: TopChunk, offset: number): void {
    this.bytes = chunk.u8;
    this.offset = offset;
  }

  /** Cold: for what `write` did not store. */
  refuse(value: unknown): never {
    this.type.check(value, this.place);
    throw refusedValue(this.place, this.type.name, "another value", value);
  }

  /** Cold: for what was not stored as it is, and is no number. Bigints that are not refused keep their low bits. */
  refuseUnlessKept(value: unknown): void {
    if (typeof value !== "bigint" || this.isExact) this.refuse(value);
  }

  /** Zeroes slots. The loop is for one short slot, where the call of `fill` takes 40 ns. */
  clear(first: number, end: number): void {
    const { bytes } = this;
    const start = this.offset + first * this.stride;
    const stop = this.offset + end * this.stride;
    if (stop - start > MAX_LOOPED_BYTES) bytes.fill(0, start, stop);
    else for (let at = start; at < stop; at++) bytes[at] = 0;
  }

  /** Copies a slot over another. */
  move(from: number, to: number): void {
    const start = this.offset + from * this.stride;
    this.bytes.copyWithin(this.offset + to * this.stride, start, start + this.stride);
  }

  /** Copies a slot from where the slots lay before. */
  copyFrom(source: Slots, from: number, to: number): void {
    const start = source.offset + from * this.stride;
    const bytes = source.bytes.subarray(start, start + this.stride);
    this.bytes.set(bytes, this.offset + to * this.stride);
  }
}

/** Every typed array that holds numbers or bigints, as the code below sees it: V8 tells them apart. */
export type ScalarArray = Float64Array;

/** What slots without memory have. */
export const NO_ELEMENTS: ScalarArray = new Float64Array(0);

/** Scalars. */
export class ArraySlots extends Slots {
  array: ScalarArray = NO_ELEMENTS;
  /** Index of slot 0 in the array. */
  first = 0;
  readonly #name: Exclude<ScalarName, "bool">;
  /** Integers are. Floats round. */
  override readonly isExact: boolean;
  override readonly pushScalar: ((value: any) => number) | undefined;

  constructor(
    type: ScalarType,
    name: Exclude<ScalarName, "bool">,
    place: FieldPlace,
    isChecked: boolean,
  ) {
    super(type, place);
    this.#name = name;
    this.isExact = isChecked && type.policy === "throw" && scalarFacts[name].min !== undefined;
    this.pushScalar = this.isExact ? scalarPush(name) : undefined;
  }

  /** Hot path. Nothing may be added here. */
  override read(slot: number): number {
    return this.array[this.first + slot]!;
  }

  override readValue(slot: number): number {
    return this.array[this.first + slot]!;
  }

  /** Hot path: what is stored is compared, which costs less than a test for each type. Nothing may be added here. */
  override write(slot: number, value: number): boolean {
    // An object could do anything when it is asked for its number.
    if (typeof value !== "number" && typeof value !== "bigint") return false;
    const { array } = this;
    const index = this.first + slot;
    const before = array[index]!;
    try {
      array[index] = value;
    } catch {
      // A number among bigints, or the other way.
      return false;
    }
    if (this.isExact ? array[index] === value : typeof value === "number") return true;
    return (typeof value === "bigint" && !this.isExact) || this.#undo(index, before);
  }

  /** `write` tells. */
  override settle(value: unknown): unknown {
    return value;
  }

  override move(from: number, to: number): void {
    this.array[this.first + to] = this.array[this.first + from]!;
  }

  override copyFrom(source: this, from: number, to: number): void {
    this.array[this.first + to] = source.array[source.first + from]!;
  }

  override moveTo(chunk: TopChunk, offset: number): void {
    super.moveTo(chunk, offset);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see ScalarArray
    this.array = chunk[this.#name] as unknown as ScalarArray;
    this.first = offset / this.stride;
  }

  #undo(index: number, before: number): false {
    this.array[index] = before;
    return false;
  }
}

/** Structs are laid out by their own rules, everything else as C does. */
export function abiOf(type: FieldType): Abi {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only structs have an abi, and its name is checked there
  return "abi" in type ? abis[type.abi as AbiName] : abis.c;
}
