/** With two places, or three where two would hide how small it is. */
export function printRatio(ratio: number): string {
  return ratio.toFixed(ratio < 0.1 ? 3 : 2);
}
