/**
 * The work of the rows about scopes, which all their sides share: a service opens a scope for each request, allocates in it,
 * and drops it. `native/scopes.h` has the same numbers for the programs in C.
 */

/** What one request does. */
export interface ScopeShape {
  readonly allocationCount: number;
  /** 1, or 3: the allocations are spread over a scope, one in it, and one in that. */
  readonly depth: number;
}

const SMALLEST_BYTES = 8;
const LARGEST_BYTES = 256;

/** Operations of one pass, so that a pass takes 0.1 to 20 ms and reading the clock does not show. */
const OPERATIONS = 100_000;

export function requestsPerPass({ allocationCount }: ScopeShape): number {
  return Math.floor(OPERATIONS / Math.max(1, allocationCount));
}

/** An operation is an allocation with its share of the scope; where a request has one at most, it is the request. */
export function operationsPerPass(shape: ScopeShape): number {
  return requestsPerPass(shape) * Math.max(1, shape.allocationCount);
}

/** The lengths of a request's allocations: the same for every request and in every process. */
export function scopeSizes({ allocationCount }: ScopeShape): Uint16Array {
  const sizes = new Uint16Array(allocationCount);
  let random = 1;
  for (let index = 0; index < allocationCount; index++) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    sizes[index] = SMALLEST_BYTES + ((random >>> 8) % (LARGEST_BYTES - SMALLEST_BYTES + 1));
  }
  return sizes;
}

/** In the checksum, so that sides with other sizes are found out. */
export function sumOf(sizes: Uint16Array): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Where the allocations of the second and the third of nested scopes begin. */
export function cutsOf({ allocationCount }: ScopeShape): readonly [number, number] {
  return [Math.floor(allocationCount / 3), Math.floor((allocationCount * 2) / 3)];
}
