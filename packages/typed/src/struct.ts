/** Structs: a name, fields, and where the fields lie. Describes memory and holds none. */
import type { Address, Heap, MemoryContext } from "@perfloc/trim";
import type { Binding, Codec } from "./access/codec.js";
import type { Vec } from "./collections/vec.js";
import type { FieldPlace } from "./errors.js";
import { DeclaredTypes } from "./fields/declared-types.js";
import type { CheckedFields, DeclaredFields, StructFields } from "./fields/field-names.js";
import { type FieldType, type Modification, ViewType } from "./fields/field-type.js";
import { ModifiedStruct } from "./fields/modified-struct.js";
import { checkAlignment } from "./fields/modified-type.js";
import { checkRecord, settleRecord } from "./fields/record.js";
import type { RefTo } from "./fields/ref-type.js";
import type { StructInput, StructObject, StructView } from "./fields/struct-fields.js";
import { type Abi, type AbiName, type GpuLack, abis } from "./layout/abi.js";
import { PACKED_ON_GPU } from "./layout/check-on-gpu.js";
import type { Extent } from "./layout/extent.js";
import type { Layout } from "./layout/layout.js";
import { layoutHash } from "./layout/layout-hash.js";
import { defineHidden } from "./access/view.js";
import { printLayout } from "./layout/print-layout.js";
import { type StructOptions, checkStructOptions } from "./layout/struct-options.js";
import { toC } from "./layout/to-c.js";
import { Printed, printsAs } from "./prints-as.js";
import type { BoundStruct } from "./views/bound-struct.js";
import { BoundStructs } from "./views/bound-structs.js";
import { type BufferView, viewOver } from "./views/buffer-view.js";
import type { StructColumns } from "./views/columns.js";
import type { Cursor } from "./views/cursor.js";
import { CursorBase } from "./views/cursor-base.js";
import type { CursorHome } from "./views/cursor-homes.js";
import { type FieldPath, findPart } from "./views/field-path.js";
import type { StructStatics } from "./views/field-statics.js";
import { heapPort } from "./views/heap-port.js";
import type { StructArray } from "./views/struct-array.js";
import { StructLayouts } from "./views/struct-layouts.js";

/**
 * A struct type: made with {@link struct}, never constructed directly. It is a field type too, for structs within structs;
 * there it is laid out by the ABI of the struct around it.
 * @public
 */
export class Struct<Fields extends StructFields> extends ViewType<
  StructObject<Fields>,
  StructInput<Fields>,
  StructView<Fields>
> {
  /** For TypeScript alone: the fields, by which paths are known. */
  declare readonly "~fields": Fields;
  /** For TypeScript alone: the fields that have columns of their own. */
  declare readonly "~columns": Fields;

  /** The name that it was made with. */
  override readonly name: string;
  /** The ABI that it is laid out for. */
  readonly abi: AbiName;
  /** @internal */
  readonly isPacked: boolean;
  /** @internal */
  readonly minAlign: number;
  /** The byte order of its own, where it has one. @internal */
  readonly isBigEndian: boolean | undefined;
  /** @internal */
  readonly declared: DeclaredTypes;
  readonly #modified: ModifiedStruct | undefined;
  // The place that the last cursor was made in, and its home: the next one is most often made there, too. Private to TypeScript
  // only: a `#name` costs a check in each access.
  private place: Heap | MemoryContext | undefined = undefined;
  /** The place, when it is a context. */
  private context: MemoryContext | undefined = undefined;
  private home: CursorHome | undefined = undefined;
  readonly #abi: Abi;
  readonly #layouts: StructLayouts;
  readonly #bound: BoundStructs;

  /**
   * @param made - what it is made from, in another alignment or byte order @internal
   */
  constructor(name: string, fields: StructFields, options?: StructOptions, made?: ModifiedStruct) {
    super();
    if (options !== undefined) checkStructOptions(name, options);
    const { abi = "c", packed = false, align = 1 } = options ?? {};
    this.declared = made?.origin.declared ?? new DeclaredTypes(name, fields);
    this.#modified = made;
    this.isBigEndian = made?.isBigEndian;
    this.name = name;
    checkAlignment(`struct ${name}`, align);
    this.abi = abi;
    this.isPacked = packed;
    this.minAlign = align;
    this.#abi = abis[abi];
    this.#layouts = new StructLayouts(this, this.#abi);
    this.#bound = new BoundStructs(this, this.#layouts, this.#abi);
    if (made === undefined && !this.declared.areLater) this.#layouts.layOutIfMade();
  }

  /** Size in bytes, a multiple of `align`. @throws InvalidStructError as {@link struct}, where getters have types */
  get size(): number {
    return this.#layouts.own.size;
  }

  /** Alignment in bytes: what an address of this struct is a multiple of. @throws as `size` */
  get align(): number {
    return this.#layouts.own.align;
  }

  /** The types of the fields. Getters are asked once, when it is first used. @internal */
  get types(): ReadonlyMap<string, FieldType> {
    return this.declared.byName;
  }

  /**
   * A hash of the names, types and places of all fields, as 16 hexadecimal digits: equal for structs that can read each other's bytes.
   * For files and messages between threads.
   */
  get layoutHash(): string {
    return layoutHash(this, this.#abi);
  }

  /**
   * How many bytes after the address of a struct a part begins: of a bit field, the byte of its first bit.
   * @param path - a field, or a part of one: `position.x`, `path[1].y`
   * @throws UnknownFieldError `PERFLOC_TYPED_UNKNOWN_FIELD`, IndexOutOfBoundsError
   */
  offsetOf(path: FieldPath<Fields>): number {
    const { codec } = this.#bound.alone(true);
    return findPart(this.name, { type: this, codec, byteOffset: 0, firstByte: 0 }, path).firstByte;
  }

  /**
   * Allocates a struct in a context. Every byte is zero, padding included, but for the fields that `init` names.
   * @param init - values of some or all fields
   * @returns its address, a multiple of `align`; it lives as long as an object that `context.alloc` returns
   * @throws UnknownFieldError `PERFLOC_TYPED_UNKNOWN_FIELD`, InvalidValueError `PERFLOC_TYPED_INVALID_VALUE` for what is in
   * `init`; nothing is then allocated
   * @throws InvalidOptionError `PERFLOC_TYPED_INVALID_OPTION` for what is no context, UseAfterDropError
   * `PERFLOC_TYPED_CONTEXT_DROPPED` for a dropped one; what `context.alloc` throws, for the struct or a string of it. No object
   * is then left behind
   * @remarks Complexity: O(bytes).
   */
  alloc(context: MemoryContext, init?: StructInput<Fields>): RefTo<Fields> {
    const alloc = heapPort().allocatorOf(this);
    if (Object.isExtensible(this)) defineHidden(this, "alloc", alloc);
    return alloc(context, init);
  }

  /**
   * Makes a cursor on the structs of a heap: a view with the fields as properties, to be pointed elsewhere with `$to`.
   *
   * Make one and move it: moving costs a few comparisons. So does making one at an address where V8 sees that nothing keeps it,
   * for structs in the first chunks that their type is seen in; else it costs an object.
   * @param place - the heap, or any context of it: a cursor made from a context can point at objects of others, too
   * @param address - where it points first; without one it points nowhere, and its fields throw NullReferenceError
   * @throws what `$to` throws for the address
   * @throws InvalidOptionError `PERFLOC_TYPED_INVALID_OPTION` when `place` is neither heap nor context
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED` when `place` is a dropped context
   */
  cursor(place: Heap | MemoryContext, address?: Address): Cursor<Fields> {
    if (address === undefined) return asDynamic(this.cursorNowhere(place));
    if (!this.isAtHome(place, address)) {
      const cursor = this.comeHome(place, address);
      if (cursor !== undefined) return asDynamic(cursor);
    }
    // One `new` for both ways: V8 leaves out an object only where it knows which `new` it is from.
    const home = this.home!;
    return asDynamic(new home.Cursor(home.arena, address - home.base));
  }

  /**
   * Makes a view of bytes that exist already as this struct: a packet, a file, the memory of a WebAssembly module. Nothing is copied. Bytes
   * that no typed array can reach, since the place is not aligned, are read through a DataView.
   * @param buffer - a Buffer, typed array, DataView, ArrayBuffer or SharedArrayBuffer; neither transferred nor resized while the view is
   * used
   * @param byteOffset - from its beginning. Default 0
   * @throws InvalidOptionError `PERFLOC_TYPED_INVALID_OPTION` for what is no buffer, or too short for the struct
   * @throws InvalidSizeError `PERFLOC_TYPED_INVALID_SIZE` for an offset at which the struct does not fit
   * @throws InvalidStructError `PERFLOC_TYPED_NOT_IN_BUFFERS` for structs with strings outside of them (`utf8`)
   * @example
   * ```ts
   * const Header = struct("Header", { type: u8, length: be(u16) }, { packed: true });
   * const header = Header.over(packet);
   * const body = packet.subarray(Header.size, Header.size + header.length);
   * ```
   */
  over(buffer: ArrayBufferLike | ArrayBufferView, byteOffset: number = 0): BufferView<Fields> {
    return asDynamic(viewOver(this, buffer, byteOffset, this.#bound));
  }

  /**
   * The fields by address: `const at = Particle.at(heap); at.mass.get(address)`. Keep the result: each call makes a new one.
   * @throws as `cursor`; the accesses throw what `cursor.$to` throws
   */
  at(place: Heap | MemoryContext): StructStatics<Fields> {
    return asDynamic(heapPort().statics(this, place));
  }

  /**
   * Allocates structs one behind the other, all bytes zero.
   * @param length - 0 or more
   * @throws IndexOutOfBoundsError for what is no length; what `context.alloc` throws
   * @remarks Complexity: O(bytes).
   */
  array(context: MemoryContext, length: number): StructArray<Fields> {
    return asDynamic(heapPort().array(this, context, length));
  }

  /**
   * An array of structs that grows: `new Vec(context, this)`.
   * @throws what the constructor of {@link Vec} throws
   */
  vector(context: MemoryContext): Vec<this> {
    return asDynamic(heapPort().vector(this, context));
  }

  /**
   * Allocates the fields of many structs, each field for itself: scalars as typed arrays, all bytes zero.
   * @param length - 0 or more
   * @throws as `array`
   * @remarks Complexity: O(bytes).
   */
  columns(context: MemoryContext, length: number): StructColumns<Fields> {
    return asDynamic(heapPort().columns(this, context, length));
  }

  /**
   * Copies a struct, padding included.
   * @throws what `cursor.$to` throws for either address
   */
  copy(place: Heap | MemoryContext, from: Address, to: Address): void {
    heapPort().copy(this, place, from, to);
  }

  /**
   * Whether all fields of two structs are the same: bytes of padding do not count. Numbers are compared by their bytes: NaN
   * is itself, 0 and -0 are two.
   * @throws what `cursor.$to` throws for either address
   */
  equals(place: Heap | MemoryContext, one: Address, other: Address): boolean {
    return heapPort().equals(this, place, one, other);
  }

  /**
   * Sets every byte of a struct, padding included.
   * @param byte - 0 to 255. Default 0
   * @throws what `cursor.$to` throws, InvalidValueError `PERFLOC_TYPED_INVALID_VALUE`
   */
  fill(place: Heap | MemoryContext, address: Address, byte: number = 0): void {
    heapPort().fill(this, place, address, byte);
  }

  /**
   * Reads a whole struct into a plain object, fields in order.
   * @throws as `cursor`; InvalidValueError for bytes that stand for no value
   */
  toObject(place: Heap | MemoryContext, address: Address): StructObject<Fields> {
    return asDynamic(heapPort().toObject(this, place, address));
  }

  /**
   * Stores the values that there are; other fields stay as they are.
   * @throws as `cursor`; UnknownFieldError, InvalidValueError; for strings, what `context.alloc` throws. Nothing is then stored
   */
  fromObject(place: Heap | MemoryContext, address: Address, values: StructInput<Fields>): void {
    heapPort().fromObject(this, place, address, values);
  }

  /**
   * The text of the functions that are made for this struct, to be read: those that allocate, append, store and read whole records, which
   * structs with strings outside of them (`utf8`) do not have, and those that cursors and arrays read and write fields with.
   */
  source(): string {
    return this.#bound.alone(true).source();
  }

  /** A table of offsets, lengths, types, padding and cache lines, for people. */
  layout(): string {
    const names = new Map([...this.types].map(([name, type]) => [name, type.name]));
    return printLayout(this.name, this.#abi, this.layoutFor(this.#abi), names);
  }

  /**
   * The struct as a declaration of C (gcc and clang), with those that it contains. Its assertions let the compiler confirm
   * size, alignment and offsets. A bit field `a` of group `flags` is called `flags_a` there.
   * @throws InvalidStructError `PERFLOC_TYPED_NOT_IN_C` for the ABIs of GPUs, and for two structs of one name
   */
  toC(): string {
    return toC(this, this.#abi);
  }

  /** Where the fields lie under an ABI. @internal */
  layoutFor(abi: Abi): Layout {
    return this.#layouts.under(abi);
  }

  /** @internal */
  override measure(abi: Abi): Extent {
    return this.#modified?.measure(abi) ?? this.measureAlone(abi);
  }

  /** @internal */
  override measureAlone(abi: Abi): Extent {
    const { size, align } = this.layoutFor(abi);
    return { size, align };
  }

  /** @internal */
  override lackOnGpu(abi: Abi): GpuLack | undefined {
    return this.#modified?.lackOnGpu(abi) ?? (this.isPacked ? PACKED_ON_GPU : undefined);
  }

  /** @internal */
  override settle(value: unknown): unknown {
    return settleRecord(this.types, value);
  }

  /** @internal */
  override check(value: unknown, place: FieldPlace): void {
    checkRecord(this.types, this.name, value, place);
  }

  /** @internal */
  override bind(binding: Binding): Codec {
    return this.#modified?.bind(binding) ?? this.#bound.within(binding).codec;
  }

  /** @internal */
  override bindAlone(binding: Binding): Codec {
    return this.#bound.byItself(binding).codec;
  }

  /** @internal */
  boundAlone(isChecked: boolean): BoundStruct {
    return this.#bound.alone(isChecked);
  }

  /** @internal */
  bindingAlone(isChecked: boolean): Binding {
    return this.#bound.bindingAlone(isChecked);
  }

  /** @internal */
  override modifiedBy(name: string, change: Modification): FieldType {
    const modified = new ModifiedStruct(this, change);
    return new Struct(name, {}, modified.options, modified);
  }

  /** @internal */
  override get unmodified(): FieldType {
    return this.#modified?.origin.unmodified ?? this;
  }

  /** @internal */
  override get parts(): readonly FieldType[] {
    return [...this.types.values()];
  }

  /** @internal */
  override get signature(): string {
    if (this.#modified !== undefined) return this.#modified.signature(this.name);
    const fields = [...this.types].map(([name, type]) => `${name}:${type.signature}`);
    return `struct(${this.isPacked},${this.minAlign}){${fields.join()}}`;
  }

  /** @internal */
  override declaration(name: string): string {
    return this.#modified?.declaration(name) ?? `struct ${this.name} ${name}`;
  }

  /** Whether a cursor can be made where the last one was. Hot path: nothing may be added here. */
  private isAtHome(place: Heap | MemoryContext, address: Address): boolean {
    const home = this.home;
    return (
      typeof address === "number" &&
      home !== undefined &&
      place === this.place &&
      home.has(address) &&
      (this.context === undefined || !this.context.isDropped)
    );
  }

  /** @throws as `cursor` */
  private cursorNowhere(place: Heap | MemoryContext): CursorBase {
    return heapPort().cursorNowhere(this, place);
  }

  /** Finds the home of an address. Returns a cursor where it has none. */
  private comeHome(place: Heap | MemoryContext, address: Address): CursorBase | undefined {
    const found = heapPort().homeOf(this, place, address, this.home);
    if (found instanceof CursorBase) return found;
    this.place = place;
    this.context = heapPort().contextOf(place);
    this.home = found;
    this.useMadeCursor();
    return undefined;
  }

  /** Replaces `cursor` by the function made for this struct, as the first call of `alloc` replaces `alloc`: V8 sees one struct in each. */
  private useMadeCursor(): void {
    if (Object.hasOwn(this, "cursor")) return;
    const made = this.boundAlone(true).codec.access?.inHeaps;
    if (made !== undefined) defineHidden(this, "cursor", made.cursor);
  }

  /** Forgets a home that is gone: keeping it would keep the memory of a disposed heap. @internal */
  leaveHome(home: object): void {
    if (this.home !== home) return;
    this.home = undefined;
    this.place = undefined;
    this.context = undefined;
  }

  static {
    printsAs(
      Struct.prototype,
      () => "struct",
      ({ name, declared }: Struct<any>) => new Printed(`struct ${name}`, declared.printed),
    );
  }
}

/** Any type that the caller expects: the properties were defined one by one, which the compiler cannot follow. */
function asDynamic(made: unknown): any {
  return made;
}

/**
 * Describes a struct with the layout that C gives it: fields in order, each naturally aligned, unless the options say
 * otherwise.
 * @param name - an identifier, for errors, tables and C
 * @param fields - field types by name: `{ x: f32, alive: bool }`. Names are identifiers without `$`; `__proto__`,
 * `constructor` and `toJSON` are reserved. A type that comes later in the program, or the struct itself, is referred to by a getter:
 * `{ get next() { return nullable(ref(Node)); } }`. Getters are read once, when the struct is first used
 * @throws InvalidStructError `PERFLOC_TYPED_INVALID_NAME`, `PERFLOC_TYPED_INVALID_FIELDS`, `PERFLOC_TYPED_EMPTY_STRUCT`,
 * `PERFLOC_TYPED_UNKNOWN_TYPE`, `PERFLOC_TYPED_RECURSIVE_STRUCT`, `PERFLOC_TYPED_UNKNOWN_ABI`; for the ABIs of GPUs
 * `PERFLOC_TYPED_NOT_ON_GPU` for what shaders cannot declare in buffers. What getters return is refused when the
 * struct is first used, with `PERFLOC_TYPED_TYPE_NOT_MADE` where they refer to a constant that has no value yet
 * @example
 * ```ts
 * const Particle = struct("Particle", { mass: f64, alive: bool, id: u32 });
 * const address = Particle.alloc(context, { mass: 1.5, alive: true });
 * const particle = Particle.cursor(context, address);
 * particle.mass += 1;
 * ```
 * @public
 */
export function struct<Fields extends DeclaredFields>(
  name: string,
  fields: Fields & NoInfer<CheckedFields<Fields>>,
  options?: StructOptions,
): Struct<Fields> {
  return new Struct(name, fields, options);
}
