/**
 * Arrays that grow, in the memory of a context: no object for an element.
 *
 *   | element 0 | element 1 | ... | element length - 1 | room ... |      one object of the array's context
 *   address                                                     capacity
 *
 * Elements move when the array grows out of its place: addresses and typed arrays of them are good until the next `push`.
 */
import { type Address, type MemoryContext, NULL_ADDRESS } from "@perfloc/trim";
import { IndexOutOfBoundsError } from "../errors.js";
import type { FieldType } from "../fields/field-type.js";
import { OBJECT_ALIGN } from "../layout/object-align.js";
import type { FieldInput, FieldLive, FieldValue } from "../fields/struct-fields.js";
import { Collection, checkCount, checkOptions, chunkOf, nameOfType, orDrop } from "./collection.js";
import { makeSlots } from "./make-slots.js";
import { ArraySlots, NO_ELEMENTS, type ScalarArray, type Slots } from "./slots.js";
import { settleAll, writeAll } from "./several-values.js";
import { iterateVec } from "./vec-iterator.js";
import { jsonOf } from "../fields/record.js";
import { Printed, printedList, printsAs } from "../prints-as.js";

const NAME = "Vec";

/** Bytes of the first room, unless one element is longer: a cache line. */
const FIRST_BYTES = 64;

/**
 * What an array is made with.
 * @public
 */
export interface VecOptions {
  /** How many elements it is to have room for from the beginning. Default: 0. */
  readonly capacity?: number | undefined;
}

/**
 * An array of scalars or structs that grows, in the memory of a context.
 *
 * @typeParam Type - type of the elements
 * @public
 */
export class Vec<Type extends FieldType> extends Collection {
  /** @internal */
  readonly $slots: Slots;
  /*
   * Scalars are written and read without a call: the array of their width lies here.
   */
  /** @internal */
  $array: ScalarArray = NO_ELEMENTS;
  /** Index of element 0 in it. @internal */
  $first = 0;
  /** Whether numbers that the array does not store as they are, are refused. @internal */
  readonly $isExact: boolean;
  /** Whether elements lie in `$array` as they are. @internal */
  readonly $isPlain: boolean;
  /** @internal */
  $length = 0;
  /** The capacity. @internal */
  $room = 0;
  #address: Address = NULL_ADDRESS;

  /**
   * Makes an empty array. Nothing is reserved before the first element.
   * @param context - what it goes with: its reset or drop ends the array. Any kind
   * @param type - any field type or struct
   * @throws InvalidOptionError `PERFLOC_TYPED_INVALID_OPTION`, InvalidSizeError `PERFLOC_TYPED_INVALID_SIZE`
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED` when the context was dropped
   * @throws as `reserve` does when there is no room for `options.capacity`
   */
  constructor(context: MemoryContext, type: Type, options: VecOptions = {}) {
    super(context, `Vec of ${nameOfType("type", type)}`);
    const place = { structName: this.name, fieldName: "[]" };
    this.$slots = makeSlots(type, place, this);
    this.$isPlain = this.$slots instanceof ArraySlots;
    this.$isExact = this.$slots instanceof ArraySlots && this.$slots.isExact;
    if (this.$isPlain) {
      const push = this.$slots.pushScalar;
      if (push !== undefined) this.push = push;
    } else {
      // Methods of their own, not branches: V8 would compile the way of structs into that of scalars and inline neither.
      // oxlint-disable typescript/unbound-method -- they are called as methods
      this.push = this.$slots.pushRecord ?? this.$pushAnyhow;
      this.at = this.$slots.inHeaps?.elementAt ?? this.#elementAt;
      // oxlint-enable typescript/unbound-method
    }
    orDrop(this.$home, () => {
      checkOptions(options, "capacity");
      const { capacity = 0 } = options;
      checkCount("capacity", capacity);
      if (capacity > 0) this.#resize(capacity);
    });
  }

  /** How many elements it has. @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED` */
  get length(): number {
    this.$checkAlive();
    return this.$length;
  }

  /** How many elements it has room for before it grows. */
  get capacity(): number {
    return this.$room;
  }

  /**
   * Appends an element, or several in their order: all of them, or none where one is refused.
   * @returns the new length
   * @throws InvalidValueError `PERFLOC_TYPED_INVALID_VALUE`
   * @throws what `alloc` throws when it has to grow and there is no room. Whatever it throws, the array is as it was
   * @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED`
   * @remarks Complexity: O(1), amortised over the room, which doubles. Invalidates addresses and views of elements when it
   * grows. Hot path: nothing may be added here.
   */
  push(...values: FieldInput<Type>[]): number;
  push(value: FieldInput<Type>): number {
    // oxlint-disable-next-line prefer-rest-params -- only its length is looked at on the hot path, and V8 makes no object for that
    if (arguments.length !== 1) return this.$pushAll(arguments);
    if (this.$guard.isDropped) this.$refuseDropped();
    const length = this.$length;
    if (length >= this.$room) this.$grow();
    const array = this.$array;
    const index = this.$first + length;
    // An object could push, too, when it is asked for its number.
    if (typeof value !== "number" && typeof value !== "bigint") this.$slots.refuse(value);
    try {
      array[index] = value;
    } catch {
      // A number among bigints, or the other way.
      this.$slots.refuse(value);
    }
    // What is stored is compared, which costs less than a test for each type. Nothing reads slots beyond the length.
    if (this.$isExact ? array[index] !== value : typeof value !== "number")
      this.$slots.refuseUnlessKept(value);
    return (this.$length = length + 1);
  }

  /**
   * Appends an element whose bytes are zero, and returns it: for structs, whose fields are then set through the view.
   * @throws as `push`
   */
  append(): FieldLive<Type> {
    if (this.$guard.isDropped) this.$refuseDropped();
    const length = this.$length;
    if (length === this.$room) this.$grow();
    this.$slots.clear(length, length + 1);
    this.$length = length + 1;
    return this.$slots.read(length);
  }

  /**
   * Takes the last element away and returns a copy of it; `undefined` when there is none.
   * @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED`
   */
  pop(): FieldValue<Type> | undefined {
    if (this.$guard.isDropped) this.$refuseDropped();
    if (this.$length === 0) return undefined;
    return this.$slots.readValue(--this.$length);
  }

  /**
   * An element: a value, or the view of a struct, which is the same view each time and is moved by the next call.
   * @param index - 0 to length - 1
   * @throws IndexOutOfBoundsError `PERFLOC_TYPED_INDEX_OUT_OF_BOUNDS`
   * @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED`
   * @remarks Complexity: O(1). Hot path: nothing may be added here.
   */
  at(index: number): FieldLive<Type> {
    if (this.$guard.isDropped) this.$refuseDropped();
    if (index >>> 0 !== index || index >= this.$length) this.$refuseIndex(index);
    return this.$array[this.$first + index]!;
  }

  /**
   * Stores an element over another.
   * @throws as `at`, and InvalidValueError `PERFLOC_TYPED_INVALID_VALUE`; the element is then as it was
   */
  set(index: number, value: FieldInput<Type>): void {
    if (this.$guard.isDropped) this.$refuseDropped();
    if (index >>> 0 !== index || index >= this.$length) this.$refuseIndex(index);
    const settled: unknown = this.$slots.settle(value);
    this.$checkAlive();
    if (index >= this.$length) this.$refuseIndex(index);
    if (!this.$slots.write(index, settled)) this.$slots.refuse(value);
  }

  /** Takes the last elements away, so that `length` are left. @throws as `at`, for more than there are */
  truncate(length: number): void {
    this.$checkAlive();
    if (length !== this.$length && (length >>> 0 !== length || length > this.$length))
      this.$refuseIndex(length);
    this.$length = length >>> 0;
  }

  /** Takes all elements away and keeps the room, and strings that elements refer to. @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED` */
  clear(): void {
    this.$checkAlive();
    this.$length = 0;
  }

  /**
   * Makes room for so many elements: until it has them, it does not grow.
   * @throws InvalidSizeError `PERFLOC_TYPED_INVALID_SIZE` for what is no whole number from 0 to 2^30
   * @throws OutOfMemoryError, LimitExceededError, InvalidSizeError as `alloc` does; the array is then as it was
   * @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED`
   */
  reserve(capacity: number): void {
    this.$checkAlive();
    checkCount("capacity", capacity);
    if (capacity > this.$room) this.#resize(capacity);
  }

  /** Copies of all elements. @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED` */
  toArray(): FieldValue<Type>[] {
    this.$checkAlive();
    const values: FieldValue<Type>[] = [];
    for (let index = 0; index < this.$length; index++) values.push(this.$slots.readValue(index));
    return values;
  }

  /** For JSON.stringify: copies of all elements, bigints as text. @throws as `toArray` */
  toJSON(): unknown {
    return jsonOf(this.toArray());
  }

  /**
   * The elements as `at` returns them, also those that are pushed meanwhile. It makes no garbage; `next` throws
   * UseAfterDropError once the array was dropped.
   */
  [Symbol.iterator](): IterableIterator<FieldLive<Type>> {
    return iterateVec(this) as IterableIterator<FieldLive<Type>>;
  }

  /** The general `push` of a scalar. @internal */
  $pushScalar(value: FieldInput<Type>): number {
    return Vec.prototype.push.call(this, value);
  }

  /** `push` of what is no scalar, and of what the function that was made for a struct does not do. @internal */
  $pushAnyhow(value: unknown): number {
    // oxlint-disable-next-line prefer-rest-params -- as in push
    if (arguments.length !== 1) return this.$pushAll(arguments);
    if (this.$guard.isDropped) this.$refuseDropped();
    const settled: unknown = this.$slots.settle(value);
    // Settling runs what the program made of its types, which may have pushed, too, or dropped the array.
    this.$checkAlive();
    const length = this.$length;
    if (length >= this.$room) this.$grow();
    this.$slots.write(length, settled);
    return (this.$length = length + 1);
  }

  /** `push` of several values, or of none. @internal */
  $pushAll(passed: ArrayLike<unknown>): number {
    if (this.$guard.isDropped) this.$refuseDropped();
    const values = settleAll(this.$slots, Array.from(passed));
    // As above.
    this.$checkAlive();
    const length = this.$length;
    const end = length + values.length;
    if (end > this.$room) this.#resize(Math.max(end, this.$room * 2));
    writeAll(this.$slots, length, values);
    return (this.$length = end);
  }

  /** `at` of what is no scalar. */
  #elementAt(index: number): FieldLive<Type> {
    if (this.$guard.isDropped) this.$refuseDropped();
    if (index >>> 0 !== index || index >= this.$length) this.$refuseIndex(index);
    return this.$slots.read(index);
  }

  /** Cold: apart, so that `push` is inlined. @internal */
  $grow(): void {
    const least = Math.max(1, Math.floor(FIRST_BYTES / this.$slots.stride));
    this.#resize(Math.max(least, this.$room * 2));
  }

  /** Fails, if it does, before anything is changed. */
  #resize(capacity: number): void {
    const address = this.#place(capacity * this.$slots.stride);
    const chunk = chunkOf(this, address);
    const slots = this.$slots;
    slots.moveTo(chunk, address - chunk.base);
    this.#address = address;
    this.$room = capacity;
    if (!(slots instanceof ArraySlots)) return;
    this.$array = slots.array;
    this.$first = slots.first;
  }

  /** Where so many bytes are, with the elements in them. */
  #place(byteLength: number): Address {
    const home = this.$home;
    const { align } = this.$slots;
    return this.#address === NULL_ADDRESS
      ? home.alloc(byteLength, Math.max(align, OBJECT_ALIGN))
      : home.realloc(this.#address, byteLength);
  }

  /** @internal */
  $refuseIndex(index: unknown): never {
    throw new IndexOutOfBoundsError(this.name, index, this.$length);
  }

  static {
    printsAs(
      Vec.prototype,
      () => NAME,
      (vec: Vec<any>, limit) =>
        vec.isDropped
          ? new Printed(`${NAME} (dropped)`)
          : printedList(NAME, vec.$length, limit, (index) => vec.$slots.printed(index, limit)),
    );
  }
}
