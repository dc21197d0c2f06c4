/** Numbers that look random and are a pure function of a seed and a position: a shape can be asked about any moment. */

/** Evenly spread from 0 to below 1. */
export function uniformAt(seed: number, position: number): number {
  // The finalizer of MurmurHash3, over both numbers spread by odd constants.
  let hash = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(position + 1, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Waiting times of a Poisson process with a mean of 1. */
export function exponentialAt(seed: number, position: number): number {
  return -Math.log(1 - uniformAt(seed, position));
}

/** Normally spread around 0 with a deviation of 1. */
export function normalAt(seed: number, position: number): number {
  const angle = 2 * Math.PI * uniformAt(seed, 2 * position + 1);
  return Math.sqrt(2 * exponentialAt(seed, 2 * position)) * Math.cos(angle);
}
