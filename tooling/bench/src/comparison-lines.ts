/** Perfloc beside one peer on one row, a line each: what loses first. */
import type { Comparison, RowResult, SideFigures } from "./row-result.js";

export interface ComparisonLine {
  /** The row's name. */
  readonly name: string;
  readonly perfloc: SideFigures;
  /** For behind the name: what Perfloc runs on, where that is not what it runs on first in its row. */
  readonly remark: string;
  /** Both undefined where there was nobody to compare with. */
  readonly peer: SideFigures | undefined;
  readonly comparison: Comparison | undefined;
}

/** A line with both sides. */
export type ComparedLine = ComparisonLine & {
  readonly peer: SideFigures;
  readonly comparison: Comparison;
};

/** Sorted by ratio from the worst on; lines without a peer come last. Rows about check levels are no contest. */
export function comparisonLines(results: readonly RowResult[]): readonly ComparisonLine[] {
  const contests = results.filter(({ question }) => question !== "levels");
  return contests.flatMap(linesOf).toSorted((a, b) => ratioOf(b) - ratioOf(a));
}

export function comparedLines(results: readonly RowResult[]): readonly ComparedLine[] {
  return comparisonLines(results).filter(isCompared);
}

/** Who loses, in a sentence. */
export function verdict(results: readonly RowResult[]): string {
  const compared = comparedLines(results);
  const lost = compared.filter(({ comparison }) => comparison.ratio > 1);
  if (compared.length === 0) return "Nothing to compare with.";
  if (lost.length === 0) return `Perfloc loses none of ${compared.length} comparisons.`;
  const names = lost.map(
    ({ name, remark, peer, comparison }) =>
      `${name}${remark} to ${peer.label} ${comparison.ratio.toFixed(2)}`,
  );
  return `Perfloc loses ${lost.length} of ${compared.length} comparisons: ${names.join(", ")}.`;
}

function linesOf({ name, perfloc, peers, comparisons }: RowResult): ComparisonLine[] {
  if (peers.length === 0) {
    return perfloc.map((side) => ({
      name,
      perfloc: side,
      remark: remarkOn(side, perfloc),
      peer: undefined,
      comparison: undefined,
    }));
  }
  return comparisons.map((comparison) => {
    const side = perfloc.find(({ label }) => label === comparison.perfloc)!;
    const peer = peers.find(({ label }) => label === comparison.peer);
    return { name, perfloc: side, remark: remarkOn(side, perfloc), peer, comparison };
  });
}

function remarkOn(side: SideFigures, sides: readonly SideFigures[]): string {
  return side === sides[0] ? "" : ` (${side.label})`;
}

function isCompared(line: ComparisonLine): line is ComparedLine {
  return line.peer !== undefined && line.comparison !== undefined;
}

function ratioOf({ comparison }: ComparisonLine): number {
  return comparison?.ratio ?? -1;
}
