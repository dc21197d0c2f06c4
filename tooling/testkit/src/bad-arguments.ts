/** Arguments that no public call may accept. Typed as numbers, because that is how mistakes arrive. */

/** No byte lengths: every public call that takes one must refuse these with a typed error and change nothing. */
export const badSizes: readonly number[] = [
  Number.NaN,
  -1,
  1.5,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 31,
  2 ** 32 + 16,
  Number.MAX_SAFE_INTEGER,
  "8" as unknown as number,
  8n as unknown as number,
  null as unknown as number,
  {} as unknown as number,
];

/** No alignments. */
export const badAlignments: readonly number[] = [...badSizes, 0, 3, 24, 8192];

/** No addresses of anything, in any heap. */
export const badAddresses: readonly number[] = [
  0,
  ...badSizes,
  2 ** 32,
  undefined as unknown as number,
];
