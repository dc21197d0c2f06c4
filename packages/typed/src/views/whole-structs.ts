/** Reads, writes, copies and compares whole structs by their addresses. */
import type { Address, Heap, MemoryContext } from "@perfloc/trim";
import { refusedValue } from "../errors.js";
import { equalValues } from "../fields/record.js";
import type { ViewedStruct } from "./bound-struct.js";
import { cursorAt } from "./cursors-in-heaps.js";
import { placeOf } from "./place.js";

type HeapPlace = Heap | MemoryContext;

export function copyStruct(
  struct: ViewedStruct,
  place: HeapPlace,
  from: Address,
  to: Address,
): void {
  const source = cursorAt(struct, place, from);
  const target = cursorAt(struct, place, to);
  const { $u8, $offset } = source;
  target.$u8.set($u8.subarray($offset, $offset + struct.size), target.$offset);
}

export function equalStructs(
  struct: ViewedStruct,
  place: HeapPlace,
  one: Address,
  other: Address,
): boolean {
  const [a, b] = [cursorAt(struct, place, one), cursorAt(struct, place, other)];
  return equalValues(struct.boundAlone(true).codec, a, a.$offset, b, b.$offset);
}

export function fillStruct(
  struct: ViewedStruct,
  place: HeapPlace,
  address: Address,
  byte: number,
): void {
  const { $u8, $offset } = cursorAt(struct, place, address);
  if ((byte & 0xff) !== byte) {
    const field = { structName: struct.name, fieldName: "*" };
    throw refusedValue(field, "fill", "a byte from 0 to 255", byte);
  }
  $u8.fill(byte, $offset, $offset + struct.size);
}

export function readStruct(struct: ViewedStruct, place: HeapPlace, address: Address): unknown {
  const cursor = cursorAt(struct, place, address);
  return struct.boundAlone(true).codec.read(cursor, cursor.$offset);
}

export function writeStruct(
  struct: ViewedStruct,
  place: HeapPlace,
  address: Address,
  values: unknown,
): void {
  const plain = struct.settle(values);
  const { isChecked } = placeOf(place);
  struct.check(plain, { structName: struct.name, fieldName: "", isChecked });
  const cursor = cursorAt(struct, place, address);
  struct.boundAlone(isChecked).codec.write(cursor, cursor.$offset, plain);
}
