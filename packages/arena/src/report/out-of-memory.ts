/** The errors of an arena that cannot grow. */
import { LimitExceededError, OutOfMemoryError } from "../errors.js";
import { ADDRESS_SPACE_BYTES } from "../placement/address.js";
import type { TopChunk } from "../tables/top-chunk.js";
import { type ArenaTally, arenaStats } from "./arena-stats.js";
import { summarizeArena } from "./describe-arena.js";

/** A top chunk of `byteLength` for `needBytes` exceeds `maxBytes` or the address space. */
export function limitReached(
  tally: ArenaTally,
  chunks: readonly TopChunk[],
  maxBytes: number,
  needBytes: number,
  byteLength: number,
): LimitExceededError {
  const { heldBytes, usedBytes } = tally;
  return new LimitExceededError(
    "PERFLOC_ARENA_LIMIT",
    `could not reserve ${needBytes} bytes: a top chunk of ${byteLength} bytes on top of ${heldBytes} held exceeds the limit of ${maxBytes}`,
    maxBytes < ADDRESS_SPACE_BYTES
      ? "Raise maxBytes, drop contexts, or release empty chunks with releaseChunk()."
      : "All 4 GiB of addresses are taken: drop contexts, or use a second heap.",
    { requestedBytes: needBytes, heldBytes, usedBytes, limitBytes: maxBytes },
    summarizeArena(arenaStats(tally, chunks)),
  );
}

/** The source threw `cause` when asked for `byteLength` bytes. */
export function sourceRefused(
  tally: ArenaTally,
  chunks: readonly TopChunk[],
  sourceName: string,
  needBytes: number,
  byteLength: number,
  cause: unknown,
): OutOfMemoryError {
  const { heldBytes, usedBytes } = tally;
  return new OutOfMemoryError(
    "PERFLOC_ARENA_OUT_OF_MEMORY",
    `could not reserve ${needBytes} bytes: the ${sourceName} source refused ${byteLength} bytes, ${heldBytes} are held`,
    "The machine or the process limit has no more memory; drop contexts and release empty chunks.",
    { requestedBytes: needBytes, heldBytes, usedBytes, limitBytes: Infinity },
    summarizeArena(arenaStats(tally, chunks)),
    { cause },
  );
}
