/** The results as text: what loses first. */
import Table from "cli-table3";
import type { Comparison, RowResult, SideFigures } from "./row-result.js";

const COLUMNS = [
  { title: "row", align: "left" },
  { title: "Perfloc on", align: "left" },
  { title: "ns/op", align: "right" },
  { title: "fastest", align: "right" },
  { title: "spread", align: "right" },
  { title: "peer", align: "left" },
  { title: "ns/op", align: "right" },
  { title: "fastest", align: "right" },
  { title: "spread", align: "right" },
  { title: "ratio", align: "right" },
  { title: "lowest..highest", align: "right" },
  { title: "of fastest", align: "right" },
] as const;

/** One line of the table. */
interface Line {
  readonly name: string;
  readonly perfloc: SideFigures;
  readonly peer: SideFigures | undefined;
  readonly comparison: Comparison | undefined;
}

/** A sentence about what loses, and the table, sorted by ratio from the worst on. */
export function renderResults(results: readonly RowResult[]): string {
  const lines = results.flatMap(linesOf).toSorted((a, b) => ratioOf(b) - ratioOf(a));
  const table = new Table({
    head: COLUMNS.map(({ title }) => title),
    colAligns: COLUMNS.map(({ align }) => align),
    style: { head: [], border: [], compact: true },
  });
  table.push(...lines.map(cells));
  return `${verdict(lines)}\n\n${table.toString()}`;
}

function linesOf({ name, perfloc, peers, comparisons }: RowResult): Line[] {
  if (peers.length === 0) {
    return perfloc.map((side) => ({
      name,
      perfloc: side,
      peer: undefined,
      comparison: undefined,
    }));
  }
  return comparisons.map((comparison) => ({
    name,
    perfloc: perfloc.find(({ label }) => label === comparison.perfloc)!,
    peer: peers.find(({ label }) => label === comparison.peer),
    comparison,
  }));
}

/** Lines without a peer come last. */
function ratioOf({ comparison }: Line): number {
  return comparison?.ratio ?? -1;
}

function verdict(lines: readonly Line[]): string {
  const compared = lines.filter(({ comparison }) => comparison !== undefined);
  const lost = compared.filter((line) => ratioOf(line) > 1);
  if (compared.length === 0) return "Nothing to compare with.";
  if (lost.length === 0) return `Perfloc loses none of ${compared.length} comparisons.`;
  const names = lost.map((line) => `${line.name} (${line.perfloc.label}) ${fixed(ratioOf(line))}`);
  return `Perfloc loses ${lost.length} of ${compared.length} comparisons: ${names.join(", ")}.`;
}

function cells({ name, perfloc, peer, comparison }: Line): string[] {
  const compared =
    comparison === undefined
      ? ["", "", ""]
      : [
          fixed(comparison.ratio),
          `${fixed(comparison.ratioLowest)}..${fixed(comparison.ratioHighest)}`,
          fixed(comparison.ratioOfMinima),
        ];
  return [name, ...sideCells(perfloc), ...sideCells(peer), ...compared];
}

function sideCells(side: SideFigures | undefined): string[] {
  if (side === undefined) return ["none", "", "", ""];
  const spread = `${side.medians.spreadPercent.toFixed(0)} %`;
  return [side.label, fixed(side.medians.median), fixed(side.minima.min), spread];
}

function fixed(value: number): string {
  return value.toFixed(2);
}
