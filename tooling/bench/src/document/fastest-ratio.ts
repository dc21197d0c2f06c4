/** Perfloc's fastest pass in parts of a peer's. */
import type { RowResult } from "../row-result.js";

export interface FastestRatio {
  /** The label, without the runtime. */
  readonly peer: string;
  /** Below 1, Perfloc is faster. */
  readonly ratio: number;
}

/** To every peer that can be compared, on the runtime with that index. */
export function fastestRatios(
  { perfloc, comparisons }: RowResult,
  runtimeLabel: string | undefined = perfloc[0]?.runtime,
): readonly FastestRatio[] {
  const side = perfloc.find(
    ({ runtime, isAfterDetach }) => runtime === runtimeLabel && !isAfterDetach,
  );
  if (side === undefined) return [];
  return comparisons
    .filter((comparison) => comparison.perfloc === side.label)
    .map(({ peer, ratioOfMinima }) => ({
      peer: peer.replace(`, ${side.runtime}`, ""),
      ratio: ratioOfMinima,
    }));
}

/** To the fastest of these peers; undefined when the row has none of them. */
export function fastestRatio(
  result: RowResult,
  peers: readonly string[],
  runtimeLabel?: string,
): FastestRatio | undefined {
  return fastestRatios(result, runtimeLabel)
    .filter(({ peer }) => peers.includes(peer))
    .toSorted((a, b) => b.ratio - a.ratio)[0];
}
