/** Clamps and rounds a value: what `clamping()` types store. */

/**
 * The whole number from `least` to `most` that is nearest to `value`, the even one on a tie, as in a Uint8ClampedArray. NaN becomes 0,
 * which every range contains.
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

/** Rounds to the nearest whole number, the even one on a tie; NaN becomes 0. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return rest < 0.5 ? floor : Math.round(value) || 0;
}
