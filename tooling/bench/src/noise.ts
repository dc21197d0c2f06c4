/** How noisy a run was, in sentences. */
import { comparedLines } from "./comparison-lines.js";
import type { Report } from "./report.js";
import { median } from "./statistics.js";

export function describeNoise({ results, rounds, machine }: Report): string {
  const sides = results.flatMap(({ name, perfloc, peers }) =>
    [...perfloc, ...peers].map(({ label, medians }) => ({
      who: `${name}, ${label}`,
      spread: medians.spreadPercent,
    })),
  );
  const worst = sides.toSorted((a, b) => b.spread - a.spread)[0];
  if (worst === undefined) return "Nothing was measured.";
  const compared = comparedLines(results);
  const undecided = compared.filter(
    ({ comparison: { ratioLowest, ratioHighest } }) => ratioLowest < 1 && ratioHighest > 1,
  );
  return [
    `${rounds} rounds, with a load of ${machine.load.toFixed(1)} on ${machine.cores} cores when they began.`,
    `From its slowest to its fastest process a side differs by ${percent(median(sides.map(({ spread }) => spread)))} in the median, and by ${percent(worst.spread)} at most (${worst.who}).`,
    `In ${undecided.length} of ${compared.length} comparisons the rounds do not agree on who is faster.`,
  ].join(" ");
}

function percent(value: number): string {
  return `${value.toFixed(0)} %`;
}
