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
    why: "nobody frees a plain object, and where it dies young V8's collector does not touch it. It has no bytes at an address; Pauses shows what it costs when it lives.",
  },
  {
    rows: /^(?:fleet-|replace-100000)/u,
    peers: /^(?:malloc|mimalloc|jemalloc|AssemblyScript TLSF)$/u,
    why: "mostly cache misses: the cell of an object is one more beside its bytes, where a malloc has its header in front of them or no check at all.",
  },
  {
    rows: /^(?:postgres|sqlite|jq|perl|gitlog|android|replace|scope|bump)/u,
    peers: MALLOCS,
    why: "a malloc does not find out whether a free is valid, and the loop in JavaScript looks for the chunk of each object: see the columns net of it.",
  },
  {
    rows: /^grow-/u,
    peers: MALLOCS,
    why: "a malloc grows a large buffer by moving its pages (mremap), and JavaScript has to copy them.",
  },
  {
    rows: /^grow-/u,
    peers: /doubling copy|array push/u,
    why: "each resize is a call that checks the address; a doubling copy resizes once in many appends.",
  },
  {
    rows: /^(?:struct|vec)-/u,
    peers: /./u,
    why: "an accessor and a push check that their memory is still theirs; loops by hand over one typed array have nothing to check.",
  },
  {
    rows: /^map-.*-string/u,
    peers: /Map/u,
    why: "a string is encoded and hashed byte by byte, where V8 keeps the hash in the string.",
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
