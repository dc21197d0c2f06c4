/** Arrays of structs in a context: one behind the other, seen through one cursor that moves along. */
import type { Codec, MadeInHeaps } from "../access/codec.js";
import type { Address, Lifetime, MemoryContext } from "@perfloc/trim";
import type { ViewedStruct } from "./bound-struct.js";
import { cursorAt } from "./cursors-in-heaps.js";
import { OBJECT_ALIGN } from "../layout/object-align.js";
import { checkContext } from "./place.js";
import { checkLifetime } from "./check-lifetime.js";
import { noteKind } from "./check-target.js";
import type { CursorBase } from "./cursor-base.js";
import { IndexOutOfBoundsError } from "../errors.js";
import type { StructFields } from "../fields/field-names.js";
import { jsonOf } from "../fields/record.js";
import type { RefTo } from "../fields/ref-type.js";
import { Printed, printedList, printsAs } from "../prints-as.js";
import { printedValue } from "../fields/printed-value.js";
import type { StructObject, StructView } from "../fields/struct-fields.js";

/**
 * Structs one after the other. `at` and iteration return the same cursor each time, moved: keep addresses, not cursors.
 * @public
 */
export interface StructArray<Fields extends StructFields> {
  readonly address: Address;
  readonly length: number;
  /**
   * The cursor, moved to an element.
   * @throws IndexOutOfBoundsError `PERFLOC_TYPED_INDEX_OUT_OF_BOUNDS`
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED` when the memory is gone by drop, reset, rollback or release,
   * `PERFLOC_TYPED_OBJECT_FREED` when the array was freed
   * @remarks Complexity: O(1). Allocates nothing.
   */
  at(index: number): StructView<Fields>;
  /** The address of an element. @throws as `at` */
  addressAt(index: number): RefTo<Fields>;
  /**
   * The cursor, moved from element to element. Allocates nothing per element.
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED` when the memory is gone, also in between
   */
  [Symbol.iterator](): Iterator<StructView<Fields>>;
  /** All elements as plain objects. */
  toArray(): StructObject<Fields>[];
  toJSON(): unknown;
}

const NAME = "StructArray";

/** Allocates structs one behind the other, all bytes zero. */
export function allocStructArray(
  struct: ViewedStruct,
  context: MemoryContext,
  length: number,
): StructArrayView {
  checkArrayLength(struct.name, length);
  checkContext(context);
  const { size, align } = struct;
  const byteLength = Math.max(size * length, size);
  const address = context.allocZeroed(byteLength, Math.max(OBJECT_ALIGN, align));
  if (context.state.checksAccess) noteKind(context, address, struct);
  const cursor = cursorAt(struct, context, address);
  return new StructArrayView(cursor, struct.boundAlone(true).codec, length, context);
}

/** @throws IndexOutOfBoundsError for what is no length of an array */
export function checkArrayLength(structName: string, length: number): void {
  if (Number.isInteger(length) && length >= 0) return;
  const what = `an array of ${structName} cannot have that length: it`;
  throw new IndexOutOfBoundsError(what, length, 0);
}

export class StructArrayView {
  readonly address: Address;
  readonly length: number;
  // Private to TypeScript only: V8 knows what a property holds, but not what a `#name` does. 4.6 ns per struct update with `at`,
  // against 5.8.
  private readonly cursor: CursorBase;
  private readonly codec: Codec;
  private readonly stride: number;
  private readonly first: number;
  private readonly context: MemoryContext;
  private readonly lifetime: Lifetime;

  /** `cursor` points at the first element, allocated just now in `context`, and is the array's alone. */
  constructor(cursor: CursorBase, codec: Codec, length: number, context: MemoryContext) {
    this.address = cursor.$address;
    this.length = length;
    this.cursor = cursor;
    this.codec = codec;
    this.stride = codec.size;
    this.first = cursor.$offset;
    this.context = context;
    // On the level `debug` its cursor finds out more of an array that was freed.
    this.lifetime = context.state.checksAccess
      ? context.lifetime
      : context.watch(cursor.$address)!.lifetime;
    // oxlint-disable-next-line typescript/unbound-method -- it is called as a method
    if (codec.access?.inHeaps !== undefined) this.at = codec.access.inHeaps.at;
  }

  /**
   * Hot path: nothing may be added here. V8 inlines it before it looks at what becomes of the cursor, because it has at most 27
   * bytecodes, and so knows which cursor that is: 2.5 ns per struct update, against 3.5 with the tests in it.
   */
  at(index: number): CursorBase {
    const { cursor } = this;
    cursor.$offset = this.offsetAt(index);
    return cursor;
  }

  addressAt(index: number): Address {
    return this.address - this.first + this.offsetAt(index);
  }

  /** Hot path. An array lies in one top chunk, so all offsets have 31 bits, and `imul` and `| 0` spare the tests for more. */
  private offsetAt(index: number): number {
    if (this.lifetime.isOver || index >>> 0 !== index || index >= this.length) this.refuse(index);
    return (this.first + Math.imul(index, this.stride)) | 0;
  }

  [Symbol.iterator](): Iterator<CursorBase> {
    this.check();
    return new StructIterator(
      this,
      this.lifetime,
      this.cursor,
      this.first,
      this.stride,
      this.codec.access?.inHeaps,
    );
  }

  toArray(): unknown[] {
    this.check();
    return Array.from({ length: this.length }, (_, index): unknown =>
      this.codec.read(this.cursor, this.first + index * this.stride),
    );
  }

  toJSON(): unknown {
    return jsonOf(this.toArray());
  }

  /** @throws UseAfterDropError when the memory is gone */
  check(): void {
    checkLifetime(this.lifetime, this.context, "an array");
  }

  /** @internal */
  refuse(index: number): never {
    this.check();
    throw new IndexOutOfBoundsError("an array of structs", index, this.length);
  }

  #print(limit: number): unknown {
    const { lifetime, length, codec, cursor, first, stride } = this;
    if (lifetime.isOver) return new Printed(`${NAME} (dropped)`);
    return printedList(NAME, length, limit, (index) =>
      printedValue(codec, cursor, first + index * stride, limit),
    );
  }

  static {
    printsAs(
      StructArrayView.prototype,
      () => NAME,
      (array, limit) => array.#print(limit),
    );
  }
}

/**
 * Iterates by returning itself as the result, with the same cursor over and over: nothing is left for the garbage collector.
 *
 * Both `done` and the cursor are stored at each step whichever it is, so that no step branches: 3.0 to 3.9 ns per struct update,
 * as V8 happens to compile it, against 3.0 to 5.1 with a branch. After the last element the cursor stays at it.
 */
class StructIterator implements Iterator<CursorBase> {
  done = false;
  readonly value: CursorBase;
  readonly array: StructArrayView;
  readonly lifetime: Lifetime;
  readonly stride: number;
  readonly last: number;
  offset: number;

  constructor(
    array: StructArrayView,
    lifetime: Lifetime,
    cursor: CursorBase,
    first: number,
    stride: number,
    made: MadeInHeaps | undefined,
  ) {
    // oxlint-disable-next-line typescript/unbound-method -- it is called as a method
    if (made !== undefined) this.next = made.next;
    this.value = cursor;
    this.array = array;
    this.lifetime = lifetime;
    this.stride = stride;
    this.last = first + Math.max(array.length - 1, 0) * stride;
    this.offset = array.length === 0 ? first + stride : first;
  }

  /** Hot path: nothing may be added here. */
  next(): IteratorResult<CursorBase> {
    const { offset } = this;
    if (this.lifetime.isOver) this.array.check();
    this.value.$offset = Math.min(offset, this.last);
    this.done = offset > this.last;
    this.offset = (offset + this.stride) | 0;
    return this;
  }
}
