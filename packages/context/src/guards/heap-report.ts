/** What the guards of a heap know, for people and for programs. Cold: walks every record. */
import { PerflocError } from "@perfloc/arena";
import { counted } from "@perfloc/arena/internal";
import { printForest } from "../report/print-tree.js";
import { allContexts } from "../scopes/context-tree.js";
import type { CheckLevel, HeapState } from "../tables/context-node.js";
import { ContextGuards } from "./context-guards.js";
import type { GuardLedger } from "./guard-ledger.js";
import type { OpenContext } from "./leak-watch.js";
import { framesOf } from "./site.js";

/**
 * Live guarded objects that one place of the program allocated in contexts of one name.
 * @public
 */
export interface AllocationSite {
  /** Name of the contexts. */
  readonly context: string;
  /** Up to six frames, innermost first; on `sample` empty for all but one guarded object in 512. */
  readonly allocatedAt: readonly string[];
  readonly objects: number;
  readonly bytes: number;
}

/**
 * What `heap.report()` returns; `String(report)` prints it.
 * @public
 */
export interface HeapReport {
  readonly check: CheckLevel;
  /** Contexts that are open, parents first; with their sites on `debug`. */
  readonly contexts: readonly OpenContext[];
  /** Who holds guarded objects: the most bytes first. On `sample` these are samples. */
  readonly sites: readonly AllocationSite[];
  /** Freed objects that wait in the quarantine. */
  readonly quarantinedObjects: number;
  readonly quarantinedBytes: number;
  /**
   * What was found so far, the first hundred, whether a call threw it or not: also calls that were refused as mistakes, and what
   * `verify()` threw. Without guards (`off`, `check`) only damage that the report met itself.
   */
  readonly findings: readonly PerflocError[];
  /** All of it, with the tree of contexts. */
  toString(): string;
}

interface SiteSum extends AllocationSite {
  objects: number;
  bytes: number;
}

export function heapReport(state: HeapState, ledger: GuardLedger | undefined): HeapReport {
  const contexts: OpenContext[] = [];
  const sums = new Map<string, SiteSum>();
  for (const { name, guards } of allContexts(state)) {
    const own = guards instanceof ContextGuards ? guards : undefined;
    contexts.push({ name, openedAt: framesOf(own?.openedAt) });
    for (let record = own?.objects.records.newest; record !== undefined; record = record.older) {
      if (record.state === "live")
        addTo(sums, name, framesOf(record.allocatedAt), record.byteLength);
    }
  }
  const sites = [...sums.values()].toSorted((a, b) => b.bytes - a.bytes);
  const facts = {
    check: state.check,
    contexts,
    sites,
    quarantinedObjects: ledger?.quarantine.count ?? 0,
    quarantinedBytes: ledger?.quarantine.bytes ?? 0,
    findings: [...(ledger?.findings ?? [])],
  };
  const tree = printedTree(state, facts.findings);
  return { ...facts, toString: () => printReport(facts, tree) };
}

/** The tree of contexts; where the heap is damaged, what is wrong with it, which then is a finding. */
function printedTree(state: HeapState, findings: PerflocError[]): string {
  try {
    return printForest(state);
  } catch (error) {
    if (!(error instanceof PerflocError)) throw error;
    if (!findings.some(({ message }) => message === error.message)) findings.push(error);
    return "the tree of contexts cannot be printed: records of the heap were overwritten";
  }
}

function addTo(
  sums: Map<string, SiteSum>,
  context: string,
  allocatedAt: readonly string[],
  byteLength: number,
): void {
  const key = JSON.stringify([context, allocatedAt]);
  const sum = sums.get(key);
  if (sum === undefined) sums.set(key, { context, allocatedAt, objects: 1, bytes: byteLength });
  else {
    sum.objects++;
    sum.bytes += byteLength;
  }
}

function printReport(facts: Omit<HeapReport, "toString">, tree: string): string {
  const { check, contexts, sites, quarantinedBytes, quarantinedObjects, findings } = facts;
  return [
    `check level ${check}, ${counted(contexts.length, "context")} open`,
    tree,
    ...contexts
      .filter(({ openedAt }) => openedAt.length > 0)
      .map(({ name, openedAt }) => `context "${name}" was opened at ${openedAt[0]}`),
    ...sites.map(
      ({ context, objects, bytes, allocatedAt }) =>
        `${counted(bytes, "byte")} in ${counted(objects, "object")} of context "${context}", allocated at ${allocatedAt[0] ?? "a place that was not kept"}`,
    ),
    `${counted(quarantinedBytes, "byte")} in ${counted(quarantinedObjects, "freed object")} in the quarantine`,
    counted(findings.length, "finding"),
    ...findings.map(({ code, message }) => `${code}: ${message}`),
  ].join("\n");
}
