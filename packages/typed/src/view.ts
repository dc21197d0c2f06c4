/**
 * A view: the arrays of a chunk and a place in it. Cursors are views that find their own place; the views of nested structs,
 * arrays and unions are children, which the view around them moves:
 *
 *   cursor   { $offset: 64, $children: [position, path] }
 *     cursor.position    sets position.$offset = 64 + offset of the field, answers position
 *
 * A child is made once with its view and answered each time, so that `cursor.position.x` allocates nothing. It stays where
 * it was when the cursor moves on: until it is asked for again.
 */
import type { Address, Arena } from "@perfloc/trim";
import type { Accessor } from "./field-type.js";
import { type Memory, type PlacedMemory, copyViews } from "./memory.js";

/** Makes a child of a view. */
export type ChildMaker = (memory: Memory) => View;

const NO_CHILDREN: readonly View[] = [];

export abstract class View implements PlacedMemory {
  readonly $arena: Arena;
  $base: Address;
  $offset = 0;
  // Every view has all of them, whichever it needs: the order and number of properties is its shape in V8.
  $i8: Int8Array;
  $u8: Uint8Array;
  $i16: Int16Array;
  $u16: Uint16Array;
  $i32: Int32Array;
  $u32: Uint32Array;
  $i64: BigInt64Array;
  $u64: BigUint64Array;
  $f32: Float32Array;
  $f64: Float64Array;
  $view: DataView;
  $children: readonly View[] = NO_CHILDREN;

  /** Begins with the arrays of another memory, to be told of new ones by `$follow`. */
  constructor(memory: Memory) {
    this.$arena = memory.$arena;
    this.$base = memory.$base;
    this.$i8 = memory.$i8;
    this.$u8 = memory.$u8;
    this.$i16 = memory.$i16;
    this.$u16 = memory.$u16;
    this.$i32 = memory.$i32;
    this.$u32 = memory.$u32;
    this.$i64 = memory.$i64;
    this.$u64 = memory.$u64;
    this.$f32 = memory.$f32;
    this.$f64 = memory.$f64;
    this.$view = memory.$view;
  }

  /** Where it is; 0 (NULL) before it points anywhere. */
  get $address(): Address {
    return this.$base + this.$offset;
  }

  /** Takes over the arrays of the view around it, which points into another chunk now. */
  $follow(memory: Memory): void {
    copyViews(this, memory);
    for (const child of this.$children) child.$follow(memory);
  }
}

/** The property that answers a child, moved to where the view is. */
export function childAccessor(
  byteOffset: number,
  index: number,
): PropertyDescriptor & ThisType<View> {
  return {
    get() {
      const child = this.$children[index]!;
      child.$offset = this.$offset + byteOffset;
      return child;
    },
  };
}

/** Defines a property on the prototype of views, enumerable as a field is. */
export function defineField(prototype: View, name: string, accessor: Accessor): void {
  Object.defineProperty(prototype, name, { enumerable: true, configurable: true, ...accessor });
}

/** Defines what is not enumerable. */
export function defineHidden(prototype: object, key: string | symbol, value: unknown): void {
  Object.defineProperty(prototype, key, { value, configurable: true, writable: true });
}

/** How Node's `console.log` and `util.inspect` print an object: through a method under a registered symbol, no import. */
export const customInspect: symbol = Symbol.for("nodejs.util.inspect.custom");
