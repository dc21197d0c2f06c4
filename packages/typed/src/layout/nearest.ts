/** What clamping types store. */

/**
 * The whole number from `least` to `most` that is nearest: of two the even one, as in a Uint8ClampedArray. NaN is 0, which lies in each range.
 */
export function nearest<Value extends number | bigint>(
  value: Value,
  least: Value,
  most: Value,
): Value {
  if (value <= least) return least;
  if (value >= most) return most;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a number as it was
  return typeof value === "number" ? (roundHalfEven(value) as Value) : value;
}

/** NaN is 0. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return rest < 0.5 ? floor : Math.round(value) || 0;
}
