/**
 * The port to whatever gives out raw memory. One top chunk is one range from it.
 *
 * A source states what it can do in a capability record, so that no layer above asks which kind it is:
 *
 *   kind                | one buffer per range | gives memory back | shared between workers
 *   ArrayBuffer         | yes                  | at once           | no
 *   SharedArrayBuffer   | yes                  | when collected    | yes
 *   WebAssembly.Memory  | no, one linear one   | never             | as declared
 */

/**
 * A run of raw memory inside a buffer.
 * @public
 */
export interface BufferRange {
  /** The buffer; it may be longer than the range. */
  readonly buffer: ArrayBufferLike;
  /** Where the range begins in the buffer, in bytes; a multiple of 8. */
  readonly byteOffset: number;
}

/**
 * What a source can do. Layers above branch on this, never on the class of the source.
 * @public
 */
export interface SourceCapabilities {
  /** Short name for reports, for example `ArrayBuffer`. */
  readonly name: string;
  /** Whether `release` really returns memory to the OS. When false, chunks stay held for ever. */
  readonly canRelease: boolean;
  /** Whether other agents (workers) can see the memory. */
  readonly isShared: boolean;
  /** Longest range that can be asked for, in bytes. */
  readonly maxByteLength: number;
  /**
   * Whether all ranges lie in one buffer and an address is a position in it, so that it can be passed to WebAssembly as a pointer. The
   * base of each top chunk is then the `byteOffset` that the source chose: a multiple of `initialChunkBytes` above 0, since 0 is NULL.
   * Default false.
   */
  readonly hasIdentityAddresses?: boolean | undefined;
  /** Bytes at the beginning of the one buffer that belong to somebody else and are never in a range. Default 0. */
  readonly reservedBytes?: number | undefined;
}

/**
 * Gives out the memory of the planes, the tables beside the top chunks: a few long ranges that are replaced as the heap grows.
 *
 * Each range is given back once. Neither call uses the arena.
 * @public
 */
export interface PlaneSource {
  /** Hands out a zero-filled range, of which pages that are never touched should cost nothing. @throws anything */
  acquirePlane(byteLength: number): BufferRange;
  /** Takes a range back. It does not throw. */
  releasePlane(range: BufferRange): void;
}

/**
 * Gives out raw memory and takes it back.
 *
 * Preconditions that the arena keeps: `byteLength` is a multiple of 8 from 8 to `maxByteLength`; each range is released
 * at most once, and only when nothing uses it.
 * Duties of an implementation: a range is zero-filled, overlaps no other live range, begins at a multiple of 8, and its
 * buffer has a fixed length; neither call uses the arena. When an arena is disposed, ranges are released also where
 * `canRelease` is false.
 * @public
 */
export interface BufferSource {
  readonly capabilities: SourceCapabilities;
  /** Where the planes come from. Default: buffers of their own, as {@link ArrayBufferSource} makes them. */
  readonly planes?: PlaneSource | undefined;
  /**
   * Hands out a zero-filled range.
   * @throws anything when memory cannot be had; the arena wraps it into an OutOfMemoryError
   */
  acquire(byteLength: number): BufferRange;
  /**
   * Takes a range back. Views of it are dead from then on.
   * @throws anything when that is not possible now; the range is then still live
   */
  release(range: BufferRange): void;
}
