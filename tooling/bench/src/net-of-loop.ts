/** The time of an allocator alone: that of a row, without that of its loop over a stub. Of the fastest passes. */
import type { RowResult, SideFigures } from "./row-result.js";

export interface NetTimes {
  readonly peer: string;
  readonly perflocNs: number;
  readonly peerNs: number;
  readonly ratio: number;
}

/** Against each program in C, on the first runtime. Empty where the loops were not measured. */
export function netTimes({ perfloc, peers, loops }: RowResult): readonly NetTimes[] {
  const first = perfloc[0]!;
  const ownLoop = loops.find(({ runtime }) => runtime === first.runtime);
  const nativeLoop = loops.find(({ runtime }) => runtime === undefined);
  if (ownLoop === undefined || nativeLoop === undefined) return [];
  const perflocNs = netNs(first, ownLoop);
  return peers
    .filter(({ runtime }) => runtime === undefined)
    .map((peer) => {
      const peerNs = netNs(peer, nativeLoop);
      return { peer: peer.label, perflocNs, peerNs, ratio: perflocNs / peerNs };
    });
}

function netNs(side: SideFigures, loop: SideFigures): number {
  return side.minima.min - loop.minima.min;
}
