/**
 * The port by which structs reach heaps. Layouts and views over buffers need no heap, so bundles of programs without one leave the code
 * for heaps out. `Heap` and `MemoryContext` of heap.ts link the port: it is there wherever one of them is imported.
 *
 *   struct.array(context, 3) ──► heapPort().array ──► heap-operations.ts ──► context.allocZeroed
 *
 * Rejected: imports, by which a program with one struct had contexts, arenas, collections and columns in it, 56 KB gzipped.
 */
import {
  type Address,
  type Heap,
  InvalidOptionError,
  type MemoryContext,
  type TopChunk,
} from "@perfloc/trim";
import type { BoundMember, MadeFunctions, RecordFunctions } from "../access/codec.js";
import type { FieldType } from "../fields/field-type.js";
import type { AccessShape } from "../made/access-source.js";
import type { RecordShape } from "../made/record-shape.js";
import type { ViewedStruct } from "./bound-struct.js";
import type { CursorBase } from "./cursor-base.js";
import type { CursorHome } from "./cursor-homes.js";

/** Where structs are viewed. */
type HeapPlace = Heap | MemoryContext;

/** The operations of structs in heaps. Each throws what the method of `Struct` that calls it documents. */
export interface HeapPort {
  /** The functions for a record, made when they are first asked for. */
  makeRecord(shape: RecordShape, struct: ViewedStruct): MadeFunctions;
  /** The text of the functions that find a struct in heaps. */
  accessInHeaps(this: void, shape: AccessShape): string[];
  /** Gives the cursors of a struct their `$follow`. */
  defineFollow(prototype: CursorBase, struct: FieldType, members: readonly BoundMember[]): void;
  /** The chunk that a cursor would point into. Changes nothing. */
  chunkForCursor(cursor: CursorBase, address: Address): TopChunk;
  /** The function that `alloc` of a struct is from its first use on. */
  allocatorOf(struct: ViewedStruct): RecordFunctions["alloc"];
  /** A cursor that points nowhere. */
  cursorNowhere(struct: ViewedStruct, place: HeapPlace): CursorBase;
  /** The home of an address; where it has none, a cursor that points there. */
  homeOf(
    struct: ViewedStruct,
    place: HeapPlace,
    address: Address,
    current: CursorHome | undefined,
  ): CursorHome | CursorBase;
  /** The place, when it is a context. */
  contextOf(place: HeapPlace): MemoryContext | undefined;
  statics(struct: ViewedStruct, place: HeapPlace): object;
  array(struct: ViewedStruct, context: MemoryContext, length: number): object;
  vector(struct: ViewedStruct, context: MemoryContext): object;
  columns(struct: ViewedStruct, context: MemoryContext, length: number): object;
  copy(struct: ViewedStruct, place: HeapPlace, from: Address, to: Address): void;
  equals(struct: ViewedStruct, place: HeapPlace, one: Address, other: Address): boolean;
  fill(struct: ViewedStruct, place: HeapPlace, address: Address, byte: number): void;
  toObject(struct: ViewedStruct, place: HeapPlace, address: Address): unknown;
  fromObject(struct: ViewedStruct, place: HeapPlace, address: Address, values: unknown): void;
}

let linked: HeapPort | undefined;

export function linkHeapPort(port: HeapPort): void {
  linked = port;
}

/** `undefined` in a bundle without heaps. */
export function linkedHeapPort(): HeapPort | undefined {
  return linked;
}

/** @throws InvalidOptionError `PERFLOC_TYPED_NO_HEAPS` in a bundle without heaps */
export function heapPort(): HeapPort {
  return linked ?? refuseWithoutHeaps();
}

function refuseWithoutHeaps(): never {
  throw new InvalidOptionError(
    "PERFLOC_TYPED_NO_HEAPS",
    "place",
    undefined,
    "this bundle has the layouts of structs without what they do in heaps",
    'Import Heap from "@perfloc/typed", not from a package below: bundlers leave out what nothing imports.',
  );
}
