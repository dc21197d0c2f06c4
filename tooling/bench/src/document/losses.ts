/** Why Perfloc loses where it does. A loss that no line here explains is listed as unexplained, so that it is looked at. */
import { printRatio } from "../print-ratio.js";
import type { RowResult } from "../row-result.js";
import { fastestRatios } from "./fastest-ratio.js";

interface Explanation {
  readonly rows: RegExp;
  readonly peers: RegExp;
  /** A sentence that follows the names and ratios. */
  readonly why: string;
}

const MALLOCS = /^(?:malloc|mimalloc|jemalloc)$/u;

/** The first that fits counts. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    rows: /^(?:open|scope|bump)-/u,
    peers: /talloc|APR/u,
    why: "a context has sizes, checks, a free of single objects and a tree that can be walked; APR's pool moves a pointer, talloc's context is one malloc.",
  },
  {
    rows: /^(?:replace|scope|bump)-/u,
    peers: /plain objects/u,
    why: "nobody frees a plain object, and those that die young cost little; Pauses shows the others.",
  },
  {
    rows: /^(?:fleet-|replace-100000)/u,
    peers: /^(?:malloc|mimalloc|jemalloc|AssemblyScript TLSF)$/u,
    why: "mostly cache misses: cells lie apart from objects, headers of a malloc before them.",
  },
  {
    rows: /^(?:postgres|sqlite|jq|perl|gitlog|android|replace|scope|bump)/u,
    peers: MALLOCS,
    why: "a malloc does not find out whether a free is valid, and the loop in JavaScript looks for the chunk of each object: see the columns net of it.",
  },
  {
    rows: /^grow-/u,
    peers: /./u,
    why: "each resize is a call that checks the address; a malloc moves the pages of a large buffer (mremap), which JavaScript copies.",
  },
  {
    rows: /^(?:struct|vec|program)-/u,
    peers: /./u,
    why: "what is read, pushed or stored is checked, which loops by hand leave out; Programs says what that may cost.",
  },
  {
    rows: /^map-.*-string/u,
    peers: /Map/u,
    why: "a string is encoded and hashed; V8 keeps the hash in it.",
  },
];

/** A group of lost comparisons with the same explanation. */
interface Loss {
  readonly why: string;
  /** Such as `open-drop/talloc 2.80`, the worst first. */
  readonly names: readonly string[];
  readonly worst: number;
}

/** By the fastest passes on the first runtime; the worst group first. */
export function lossesOf(results: readonly RowResult[]): readonly Loss[] {
  const lost = results
    .filter(({ question }) => question !== "levels")
    .flatMap((result) =>
      fastestRatios(result).map(({ peer, ratio }) => ({ row: result.name, peer, ratio })),
    )
    .filter(({ ratio }) => ratio > 1)
    .toSorted((a, b) => b.ratio - a.ratio);
  const groups = new Map<string, typeof lost>();
  for (const loss of lost) {
    const why = explain(loss.row, loss.peer);
    groups.set(why, [...(groups.get(why) ?? []), loss]);
  }
  return [...groups].map(([why, members]) => ({
    why,
    names: members.map(({ row, peer, ratio }) => `${row}/${peer} ${printRatio(ratio)}`),
    worst: members[0]!.ratio,
  }));
}

function explain(row: string, peer: string): string {
  const found = EXPLANATIONS.find(({ rows, peers }) => rows.test(row) && peers.test(peer));
  return found?.why ?? "not explained yet.";
}
