/** Atomic access to integer fields, for memory that several threads share. */
import type { Codec, CheckedType } from "../access/codec.js";
import type { Address } from "@perfloc/trim";
import type { CursorBase } from "./cursor-base.js";
import { type FieldPlace, InvalidTypeError, refusedValue } from "../errors.js";
import type { ArrayName } from "../access/memory.js";

/**
 * The operations of `Atomics` on one integer field, by the address of its struct. Those that change the field return what it
 * held before; values wrap, as those of `Atomics` do. What is no integer is refused: InvalidValueError `PERFLOC_TYPED_INVALID_VALUE`.
 * @public
 */
export interface AtomicField<Value> {
  load(address: Address): Value;
  store(address: Address, value: Value): Value;
  add(address: Address, value: Value): Value;
  sub(address: Address, value: Value): Value;
  and(address: Address, value: Value): Value;
  or(address: Address, value: Value): Value;
  xor(address: Address, value: Value): Value;
  exchange(address: Address, value: Value): Value;
  /** Stores `replacement` if the field holds `expected`. */
  compareExchange(address: Address, expected: Value, replacement: Value): Value;
}

type IntegerArrayName = Exclude<ArrayName, "f32" | "f64" | "view">;

interface Part {
  readonly type: CheckedType;
  readonly codec: Codec;
  readonly byteOffset: number;
  readonly place: FieldPlace;
}

/** @throws InvalidTypeError for what `Atomics` cannot reach */
export function atomicField(cursor: CursorBase, part: Part): AtomicField<number> {
  const { codec, byteOffset, place, type } = part;
  const { integers, size } = codec;
  if (integers === undefined) {
    const fact = `field ${place.fieldName} of struct ${place.structName} is no aligned integer`;
    throw new InvalidTypeError(
      type.name,
      fact,
      "Atomics works on i8 to u64 where they are aligned.",
    );
  }
  // The engine has one signature for all arrays of integers, TypeScript two: numbers and bigints.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const name = `$${integers as IntegerArrayName}` as "$i32";
  /** Points the cursor, and then names its array, which may be another one now. */
  const elementsAt = (address: Address): Int32Array => cursor.$to(address)[name];
  const index = (): number => (cursor.$offset + byteOffset) / size;
  const whole = (value: number): number => checkWhole(value, integers, place, type);
  return {
    load: (address) => Atomics.load(elementsAt(address), index()),
    store: (address, value) => Atomics.store(elementsAt(address), index(), whole(value)),
    add: (address, value) => Atomics.add(elementsAt(address), index(), whole(value)),
    sub: (address, value) => Atomics.sub(elementsAt(address), index(), whole(value)),
    and: (address, value) => Atomics.and(elementsAt(address), index(), whole(value)),
    or: (address, value) => Atomics.or(elementsAt(address), index(), whole(value)),
    xor: (address, value) => Atomics.xor(elementsAt(address), index(), whole(value)),
    exchange: (address, value) => Atomics.exchange(elementsAt(address), index(), whole(value)),
    compareExchange: (address, expected, replacement) =>
      Atomics.compareExchange(elementsAt(address), index(), whole(expected), whole(replacement)),
  };
}

/** `Atomics` would make a number of anything. @throws InvalidValueError */
function checkWhole(value: number, array: ArrayName, place: FieldPlace, type: CheckedType): number {
  const isBig = array === "i64" || array === "u64";
  if (isBig ? typeof value === "bigint" : Number.isInteger(value)) return value;
  throw refusedValue(place, type.name, isBig ? "a bigint" : "an integer", value);
}
