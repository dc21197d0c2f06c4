/** Limits: above the soft one nothing empty is kept, above the hard one nothing more is taken. */
import { type TrimPolicy, keep, release } from "../trim-policy.js";
import { checkBytes, checkOptions, refuse } from "./options.js";
import { largestFirst } from "./retain.js";

/**
 * How much {@link limit} allows.
 * @public
 */
export interface LimitOptions {
  /** While more than this is held, every empty chunk goes: 0 to 2^32 bytes. Default: never. */
  readonly soft?: number | undefined;
  /** Nothing is taken beyond this: 1 to 2^32 bytes, at least `soft`. Default: the arena's own limit. */
  readonly hard?: number | undefined;
}

/**
 * Releases every empty chunk, the largest first, while more than `soft` bytes are held, without waiting for anything.
 *
 * `hard` becomes the arena's limit, until the trimmer is disposed: growth that would exceed it first gives empty chunks back, and when that is not enough
 * the allocation throws LimitExceededError.
 * @throws InvalidSizeError, InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION`, also when `hard` is less than `soft`
 * @public
 */
export function limit(options: LimitOptions): TrimPolicy {
  checkOptions(options);
  const { soft, hard } = options;
  if (soft !== undefined) checkBytes("soft", soft, 0);
  if (hard !== undefined) checkBytes("hard", hard, 1);
  if (soft !== undefined && hard !== undefined && hard < soft) {
    refuse("hard", hard, `it must be at least the soft limit of ${soft}`);
  }
  const enoughBytes = Math.min(soft ?? Infinity, hard ?? Infinity);
  return {
    name: `limit({ soft: ${soft}, hard: ${hard} })`,
    hardLimitBytes: hard,
    decide: ({ heldBytes, releasable }) =>
      releasable
        .toSorted(largestFirst)
        .map(({ chunkIndex }) =>
          heldBytes > enoughBytes
            ? release(chunkIndex, `${heldBytes} bytes are held, more than ${enoughBytes}`)
            : keep(chunkIndex, `${heldBytes} bytes are held, within the limit`),
        ),
  };
}
