/** The options of an arena: defaults, and what is refused. */
import { ADDRESS_SPACE_BYTES, PAGE_BYTES } from "./placement/address.js";
import { ArrayBufferSource } from "./sources/array-buffer-source.js";
import type { BufferSource, PlaneSource } from "./sources/buffer-source.js";
import { InvalidOptionError, InvalidSizeError } from "./errors.js";

/**
 * First top chunk: 8 pages. Smaller: more chunks before the doubling pays; larger: a small heap holds more than it needs.
 */
const DEFAULT_INITIAL_CHUNK_BYTES = 8 * PAGE_BYTES;

/**
 * Where doubling stops: 32 MiB. Lower: more chunks, hence more misses of the "same chunk as before" test; higher: one
 * long-lived span pins more memory, and giving a chunk back takes longer at a time. Spans longer than this get a chunk of their own.
 */
const DEFAULT_MAX_CHUNK_BYTES = 32 * 1024 * 1024;

/** Longest chunk of the ladder, in bytes: half of the 2 GiB that every engine allows one buffer. */
const LARGEST_CHUNK_BYTES = 2 ** 30;

/**
 * How an {@link Arena} grows, and how far.
 * @public
 */
export interface ArenaOptions {
  /** Length of the first top chunk in bytes: a power of two from 4096 to 2^30. Default 32768. */
  readonly initialChunkBytes?: number | undefined;
  /** Length at which doubling stops: a power of two from `initialChunkBytes` to 2^30. Default 32 MiB. */
  readonly maxChunkBytes?: number | undefined;
  /** Most bytes ever held from the OS: 1 to 2^32. Default 2^32, the whole address space. */
  readonly maxBytes?: number | undefined;
  /** Where buffers come from. Default: a new {@link ArrayBufferSource}. */
  readonly source?: BufferSource | undefined;
}

/** Options with every default filled in. */
export type ResolvedArenaOptions = {
  readonly [K in keyof ArenaOptions]-?: NonNullable<ArenaOptions[K]>;
};

/** Checks the options and fills in the defaults. */
export function resolveArenaOptions(options: ArenaOptions): ResolvedArenaOptions {
  if (typeof options !== "object" || (options as unknown) === null) {
    throw new InvalidOptionError(
      "PERFLOC_ARENA_INVALID_OPTION",
      "options",
      options,
      "they must be an object",
    );
  }
  const initialChunkBytes = options.initialChunkBytes ?? DEFAULT_INITIAL_CHUNK_BYTES;
  checkChunkBytes("initialChunkBytes", initialChunkBytes, PAGE_BYTES);
  const maxChunkBytes =
    options.maxChunkBytes ?? Math.max(DEFAULT_MAX_CHUNK_BYTES, initialChunkBytes);
  checkChunkBytes("maxChunkBytes", maxChunkBytes, initialChunkBytes);
  const maxBytes = options.maxBytes ?? ADDRESS_SPACE_BYTES;
  checkMaxBytes(maxBytes);
  const source = options.source ?? new ArrayBufferSource();
  if (!isSource(source)) {
    throw new InvalidOptionError(
      "PERFLOC_ARENA_INVALID_OPTION",
      "source",
      source,
      "a BufferSource has capabilities, acquire and release",
    );
  }
  if (!isPlaneSource(source.planes ?? undefined)) {
    throw new InvalidOptionError(
      "PERFLOC_ARENA_INVALID_OPTION",
      "source.planes",
      source.planes,
      "a PlaneSource has acquirePlane and releasePlane",
    );
  }
  return { initialChunkBytes, maxChunkBytes, maxBytes, source };
}

/** @throws InvalidSizeError `PERFLOC_ARENA_INVALID_OPTION` */
export function checkMaxBytes(maxBytes: number): void {
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > ADDRESS_SPACE_BYTES) {
    throw new InvalidSizeError(
      "PERFLOC_ARENA_INVALID_OPTION",
      "maxBytes",
      maxBytes,
      1,
      ADDRESS_SPACE_BYTES,
    );
  }
}

function isSource(source: Partial<BufferSource>): boolean {
  return (
    typeof source.acquire === "function" &&
    typeof source.release === "function" &&
    typeof source.capabilities?.maxByteLength === "number"
  );
}

/** Whether planes can come from there; `undefined` stands for the default. */
function isPlaneSource(planes: Partial<PlaneSource> | undefined): boolean {
  return (
    planes === undefined ||
    (typeof planes.acquirePlane === "function" && typeof planes.releasePlane === "function")
  );
}

function checkChunkBytes(name: string, value: number, min: number): void {
  if (!Number.isInteger(value) || value < min || value > LARGEST_CHUNK_BYTES) {
    throw new InvalidSizeError(
      "PERFLOC_ARENA_INVALID_OPTION",
      name,
      value,
      min,
      LARGEST_CHUNK_BYTES,
    );
  }
  if ((value & (value - 1)) !== 0) {
    throw new InvalidOptionError(
      "PERFLOC_ARENA_INVALID_OPTION",
      name,
      value,
      `chunk lengths are powers of two, so that addresses resolve by arithmetic; the nearest are ${2 ** Math.floor(Math.log2(value))} and ${2 ** Math.ceil(Math.log2(value))}`,
    );
  }
}
