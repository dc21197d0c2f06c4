/**
 * The chart of the document: each row beside one peer, in a file of its own that needs no style sheet. Bars are ratios of the fastest
 * passes, as in the document's tables; whiskers go from the lowest to the highest ratio of a round's medians.
 */
import { type ComparedLine, comparedLines } from "../comparison-lines.js";
import { drawRatios } from "../ratio-chart.js";
import { firstSides } from "../release-table.js";
import type { RowResult } from "../row-result.js";

/** The peer that a row is drawn against: the first of these that it has. The others are in the tables. */
const REFERENCE_PEERS = [
  "malloc",
  "talloc",
  "APR pool",
  "typed array by hand",
  "columns by hand",
  "Map",
  "typed array with a length",
  "plain objects",
  "plain JavaScript",
];

/** For the colours that the chart takes from its page. Dark text on a light ground, whatever the page around the file is. */
const COLORS: Readonly<Record<string, string>> = {
  "--loses": "#d9642b",
  "--wins": "#2a9d6f",
  "--undecided": "#a3acb9",
  "--text": "#1b2028",
  "--quiet": "#5d6675",
  "--line": "#d5d9e0",
};

const GROUND = '<rect width="100%" height="100%" fill="#ffffff"/>';

export function renderRatioSvg(results: readonly RowResult[]): string {
  const references = new Map(results.map((result) => [result.name, referenceOf(result)]));
  const drawn = comparedLines(firstSides(results)).flatMap((line) => {
    const reference = references.get(line.name);
    return reference?.label === line.peer.label ? [fastestOf(line, reference.name)] : [];
  });
  drawn.sort((a, b) => b.comparison.ratio - a.comparison.ratio);
  const svg = drawRatios(drawn)
    .replaceAll(/var\((--\w+)\)/gu, (_, name: string) => COLORS[name]!)
    .replaceAll("font-family:inherit", "font-family:sans-serif")
    .replace(/^<svg[^>]*>/u, (tag) => `${tag}${GROUND}`);
  return `${svg}\n`;
}

function fastestOf(line: ComparedLine, peerName: string): ComparedLine {
  const { comparison, peer } = line;
  return {
    ...line,
    peer: { ...peer, label: peerName },
    comparison: { ...comparison, ratio: comparison.ratioOfMinima },
  };
}

/** On the first runtime where the peer ran on several: its label there, and its name alone. */
function referenceOf({
  perfloc,
  peers,
}: RowResult): { readonly label: string; readonly name: string } | undefined {
  const first = perfloc[0]!.runtime;
  return REFERENCE_PEERS.flatMap((name) =>
    peers
      .filter(({ label }) => label === name || label === `${name}, ${first}`)
      .map(({ label }) => ({ label, name })),
  )[0];
}
