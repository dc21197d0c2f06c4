/**
 * What the cursors of all structs share: the place that they point to, and pointing elsewhere.
 *
 *   $base      $first                     $last
 *   | NULL page | fields ... | fields ... | fields |           $base + $offset = $address
 *               |<- a struct can begin -->|                    $first <= $offset <= $last
 *
 * The typed arrays of the chunk lie on the cursor itself, so that an accessor reaches them in one load. Names begin with
 * `$` because the names of fields cannot.
 *
 * A cursor is checked when it is pointed, not when it is read: a check per access costs as much as the access.
 */
import {
  type Address,
  type Arena,
  NULL_ADDRESS,
  PAGE_BYTES,
  type TopChunk,
  UseAfterDropError,
} from "@perfloc/trim";
import { chunkForStruct } from "./chunk-for-struct.js";
import type { StructLayout } from "./layout.js";

/** Gives a cursor one typed array of a top chunk, which makes the array when it is first asked for. */
export type ChunkView = (cursor: CursorBase, chunk: TopChunk) => void;

/** What a class of cursors knows about its struct. */
export interface CursorStruct {
  readonly name: string;
  readonly layout: StructLayout;
  /** Give a cursor the typed arrays of a chunk that its fields need, one each. */
  readonly views: readonly ChunkView[];
  /** Stands in for each typed array until the cursor points somewhere. */
  readonly nowhere: any;
}

export abstract class CursorBase {
  /** On the prototype of each struct's cursors. */
  declare readonly $struct: CursorStruct;
  /** Alignment of the struct less 1. On the prototype, too. */
  declare readonly $alignMask: number;
  /** The fields, whose properties are on the prototype of each struct's cursors. */
  [field: string]: unknown;

  readonly $arena: Arena;
  $chunk: TopChunk | undefined = undefined;
  $epoch = 0;
  $base: Address = NULL_ADDRESS;
  $first = 1;
  $last = 0;
  $offset = 0;
  // Every cursor has all of them, whichever its struct needs: the order and number of properties is its shape in V8.
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

  constructor(arena: Arena) {
    const { nowhere } = this.$struct;
    this.$arena = arena;
    this.$i8 = nowhere;
    this.$u8 = nowhere;
    this.$i16 = nowhere;
    this.$u16 = nowhere;
    this.$i32 = nowhere;
    this.$u32 = nowhere;
    this.$i64 = nowhere;
    this.$u64 = nowhere;
    this.$f32 = nowhere;
    this.$f64 = nowhere;
  }

  get $address(): Address {
    return this.$base + this.$offset;
  }

  /** Hot path: another struct in the same top chunk. Nothing may be added here. */
  $to(address: Address): this {
    if (Number.isInteger(address)) {
      const offset = address - this.$base;
      if (
        offset >= this.$first &&
        offset <= this.$last &&
        (offset & this.$alignMask) === 0 &&
        this.$chunk!.epoch === this.$epoch
      ) {
        this.$offset = offset;
        return this;
      }
    }
    return this.$toAnyChunk(address);
  }

  /** Another chunk, a chunk that was released or came back, bad addresses. Throws before anything is changed. */
  $toAnyChunk(address: Address): this {
    const { name, layout } = this.$struct;
    this.$refuseReleased(address);
    const chunk = chunkForStruct(this.$arena, address, name, layout);
    for (const view of this.$struct.views) view(this, chunk);
    this.$chunk = chunk;
    this.$epoch = chunk.epoch;
    this.$base = chunk.base;
    this.$first = chunk.base === NULL_ADDRESS ? PAGE_BYTES : 0;
    this.$last = chunk.byteLength - layout.byteLength;
    this.$offset = address - chunk.base;
    return this;
  }

  /** @throws UseAfterDropError when the chunk that the cursor points into was released and `address` was in it */
  $refuseReleased(address: Address): void {
    const chunk = this.$chunk;
    if (chunk === undefined || chunk.isHeld || chunk.epoch === this.$epoch) return;
    if (address < this.$base + this.$first || address > this.$base + this.$last) return;
    throw new UseAfterDropError(
      "PERFLOC_TYPED_CHUNK_RELEASED",
      `top chunk ${chunk.index}`,
      `cannot point a ${this.$struct.name} at address ${address}: top chunk ${chunk.index} was released`,
      "The object died with its context, and a trim gave its memory back to the OS. Do not keep addresses of dead objects.",
    );
  }
}
