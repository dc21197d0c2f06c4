/** Atomic access to integer fields, for memory that several threads share. */
import type { Address } from "@perfloc/trim";
import type { CursorBase } from "./cursor-base.js";
import { type FieldPlace, InvalidTypeError } from "./errors.js";
import type { Codec, FieldType } from "./field-type.js";
import type { ArrayName } from "./memory.js";

/**
 * The operations of `Atomics` on one integer field, by the address of its struct. Those that change the field answer what it
 * held before; values wrap, as those of `Atomics` do.
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
  readonly type: FieldType;
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
  return {
    load: (address) => Atomics.load(elementsAt(address), index()),
    store: (address, value) => Atomics.store(elementsAt(address), index(), value),
    add: (address, value) => Atomics.add(elementsAt(address), index(), value),
    sub: (address, value) => Atomics.sub(elementsAt(address), index(), value),
    and: (address, value) => Atomics.and(elementsAt(address), index(), value),
    or: (address, value) => Atomics.or(elementsAt(address), index(), value),
    xor: (address, value) => Atomics.xor(elementsAt(address), index(), value),
    exchange: (address, value) => Atomics.exchange(elementsAt(address), index(), value),
    compareExchange: (address, expected, replacement) =>
      Atomics.compareExchange(elementsAt(address), index(), expected, replacement),
  };
}
