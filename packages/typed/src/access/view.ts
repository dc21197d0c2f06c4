/**
 * A view: the arrays of a chunk and a place in it. Cursors are views that find their own place; the views of nested structs,
 * arrays and unions are children, which the view around them moves:
 *
 *   cursor   { $offset: 64, $children: [position, undefined] }      undefined: not asked for yet in this chunk
 *     cursor.position    sets position.$offset = 64 + offset of the field, returns position
 *
 * A child is made once, when it is first asked for, and returned each time, so that `cursor.position.x` allocates nothing. It stays where
 * it was when the cursor moves on, also into another chunk: until it is asked for again.
 */
import { type ArrayName, type PlacedMemory, viewChunk, type Accessor } from "./memory.js";
import { type Address, type Arena, NULL_ADDRESS, type TopChunk } from "@perfloc/trim";
import { printsAs } from "../prints-as.js";

/** Makes a child of a view, which is nowhere at first. */
export type ChildMaker = (arena: Arena) => View;

export abstract class View implements PlacedMemory {
  readonly $arena: Arena;
  $offset: number;
  /** The arrays that its fields need. */
  declare readonly $arrays: readonly ArrayName[];
  // Inherited while the view is nowhere: see nowhere.ts. Then it has those of `$arrays` itself.
  declare $base: Address;
  declare $i8: Int8Array;
  declare $u8: Uint8Array;
  declare $i16: Int16Array;
  declare $u16: Uint16Array;
  declare $i32: Int32Array;
  declare $u32: Uint32Array;
  declare $i64: BigInt64Array;
  declare $u64: BigUint64Array;
  declare $f32: Float32Array;
  declare $f64: Float64Array;
  declare $view: DataView;
  /** The chunk that it is in. Inherited, too: `undefined`. */
  declare $chunk: TopChunk | undefined;
  /** The children that are in the same chunk, `undefined` for the others. Inherited, and not written, until one is asked for. */
  declare $children: (View | undefined)[];
  /** All children that were ever asked for, wherever they are. Inherited until then: `undefined`. */
  declare $made: View[] | undefined;
  /** Stores the values that there are. @throws UnknownFieldError, InvalidValueError; nothing is then stored */
  declare $set: (value: unknown) => void;
  /** Returns the plain value. */
  declare $read: () => unknown;
  /** What consoles print. */
  declare $print: (limit: number) => unknown;
  /** What makes them; `undefined` in the place of a value, which has no view. On the prototype. */
  declare readonly $makers: readonly (ChildMaker | undefined)[];

  /** Begins nowhere, unless a class has the arrays of a chunk on its prototype. */
  constructor(arena: Arena, offset: number = 0) {
    this.$arena = arena;
    this.$offset = offset;
  }

  /** Where it is; 0 (NULL) before it points anywhere. */
  get $address(): Address {
    return this.$base + this.$offset;
  }

  /** The name of its type, for people. */
  get $typeName(): string {
    return "view";
  }

  /** Takes the arrays of a chunk: the one that the view around it points into, or is to point into itself. */
  $enter(chunk: TopChunk): void {
    this.$chunk = chunk;
    viewChunk(this, chunk, this.$arrays);
    if (this.$made !== undefined) this.$children.fill(undefined);
  }

  /** Cold: a child that is to be in the chunk that this view is in. Apart, so that views whose children are never used are made quickly. */
  $enterChild(index: number): View {
    if (this.$made === undefined) {
      this.$made = [];
      this.$children = this.$makers.map(() => undefined);
    }
    const child = (this.$made[index] ??= this.$makers[index]!(this.$arena));
    if (this.$chunk !== undefined) child.$enter(this.$chunk);
    this.$children[index] = child;
    return child;
  }

  static {
    defineHidden(View.prototype, "$base", NULL_ADDRESS);
    defineHidden(View.prototype, "$chunk", undefined);
    defineHidden(View.prototype, "$children", []);
    defineHidden(View.prototype, "$made", undefined);
    printsAs(
      View.prototype,
      (view) => view.$typeName,
      (view, limit) => view.$print(limit),
    );
  }
}

/** The property that returns a child, moved to where the view is; assigning to it is `$set` of the child. */
export function childAccessor(
  byteOffset: number,
  index: number,
): PropertyDescriptor & ThisType<View> {
  return {
    get() {
      const child = this.$children[index] ?? this.$enterChild(index);
      child.$offset = this.$offset + byteOffset;
      return child;
    },
    set(value: unknown) {
      const child = this.$children[index] ?? this.$enterChild(index);
      child.$offset = this.$offset + byteOffset;
      child.$set(value);
    },
  };
}

/** Defines what makes the children of a view, and that there are none yet. */
export function defineChildren(view: View, makers: readonly (ChildMaker | undefined)[]): void {
  defineHidden(view, "$makers", makers);
  defineHidden(
    view,
    "$children",
    makers.map(() => undefined),
  );
}

/** Defines a property on the prototype of views, enumerable as a field is. */
export function defineField(prototype: View, name: string, accessor: Accessor): void {
  Object.defineProperty(prototype, name, { enumerable: true, configurable: true, ...accessor });
}

/** Defines what is not enumerable. */
export function defineHidden(prototype: object, key: string | symbol, value: unknown): void {
  Object.defineProperty(prototype, key, { value, configurable: true, writable: true });
}
