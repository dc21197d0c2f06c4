/** The arrays of the chunk that a collection lies in, for codecs and views. All are taken: it happens once for each growth. */
import type { Arena, TopChunk } from "@perfloc/trim";
import { type ArrayName, type Memory, viewChunk } from "../memory.js";

export class ChunkMemory implements Memory {
  readonly $arena: Arena;
  $i8: Int8Array = new Int8Array(0);
  $u8: Uint8Array = new Uint8Array(0);
  $i16: Int16Array = new Int16Array(0);
  $u16: Uint16Array = new Uint16Array(0);
  $i32: Int32Array = new Int32Array(0);
  $u32: Uint32Array = new Uint32Array(0);
  $i64: BigInt64Array = new BigInt64Array(0);
  $u64: BigUint64Array = new BigUint64Array(0);
  $f32: Float32Array = new Float32Array(0);
  $f64: Float64Array = new Float64Array(0);
  $view: DataView = new DataView(new ArrayBuffer(0));
  readonly #names: readonly ArrayName[];

  /** @param names - the arrays that are needed */
  constructor(arena: Arena, names: readonly ArrayName[]) {
    this.$arena = arena;
    this.#names = names;
  }

  take(chunk: TopChunk): void {
    viewChunk(this, chunk, this.#names);
  }
}
