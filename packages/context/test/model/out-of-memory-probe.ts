/**
 * Runs a scenario with memory running out at a chosen point, and checks what "a call that throws has changed nothing"
 * means: the error, the records, the figures, every byte.
 *
 * A scenario is deterministic, so it is run twice: once to learn which call fails, then with everything compared before
 * and after just that call. Comparing around every call would take hours.
 */
import { type HeapOptions, type HeapStats, OutOfMemoryError, PAGE_BYTES } from "@perfloc/context";
import { checkAllBytes, checkEverything } from "./check-model.js";
import type { ContextRecord } from "./context-record.js";
import { checkSame, fail } from "./fail.js";
import { HeapModel } from "./heap-model.js";

/** What a scenario works with: every call that may run out of memory goes through `attempt`. */
export class OutOfMemoryProbe {
  readonly model: HeapModel;
  /** Calls made so far. */
  calls = 0;
  /** Which call failed first, counted from 1; 0 when none did. */
  failedCall = 0;
  error: OutOfMemoryError | undefined;
  readonly #comparedCall: number;
  readonly #recover: (() => void) | undefined;

  /**
   * `comparedCall` is the one that will fail, 0 when that is not known yet. With `recover`, which makes room again, the
   * failed call is made a second time, and must succeed; without, the scenario ends there.
   */
  constructor(options: HeapOptions, comparedCall: number, recover?: (model: HeapModel) => void) {
    this.model = new HeapModel(options);
    this.#comparedCall = comparedCall;
    this.#recover = recover === undefined ? undefined : () => recover(this.model);
  }

  attempt<T>(context: ContextRecord, call: () => T): T {
    this.calls++;
    const isCompared = this.calls === this.#comparedCall;
    const before = isCompared ? this.model.heap.stats() : undefined;
    try {
      return call();
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
      if (this.error !== undefined) fail(`memory ran out twice: ${error.message}`);
      this.error = error;
      this.failedCall = this.calls;
      if (before !== undefined) this.#checkNothingChanged(context, error, before);
      else if (this.#comparedCall > 0) fail(`call ${this.calls} failed, not ${this.#comparedCall}`);
      if (this.#recover === undefined) throw new ScenarioOver();
      this.#recover();
      return call();
    }
  }

  /** The end, wherever that is: everything goes back. */
  finish(): void {
    for (let top = this.model.tops[0]; top !== undefined; top = this.model.tops[0]) {
      this.model.drop(top);
    }
    checkEverything(this.model);
    checkSame(
      this.model.heap.arena.stats().usedBytes,
      0,
      "used bytes after everything was dropped",
    );
    this.model.heap.dispose();
  }

  #checkNothingChanged(context: ContextRecord, error: OutOfMemoryError, before: HeapStats): void {
    // In a deep or wide tree the report sums contexts up; the message names the one that asked in any case.
    const isSummedUp = error.report.includes("more contexts");
    if (!isSummedUp && !error.report.includes(context.name)) {
      fail(`the report does not name ${context.name}`);
    }
    if (!error.message.includes(context.name)) fail(`the message does not name ${context.name}`);
    this.model.heap.verify();
    checkOnlyReclaimed(before, this.model.heap.stats());
    checkAllBytes(this.model);
  }
}

/** What an empty process chunk that goes back changes. Everything but `usedBytes` and `processChunks` follows from the equations. */
const RECLAIMED: ReadonlySet<string> = new Set([
  "usedBytes",
  "subtreeUsedBytes",
  "freeBytes",
  "headerBytes",
  "processChunks",
  "freeObjects",
  "spanCount",
]);

/** Process chunks without objects may have gone back before a call failed; nothing else has changed. */
function checkOnlyReclaimed(before: HeapStats, after: HeapStats): void {
  const [was, is] = [before, after].map((stats) =>
    JSON.stringify(stats, (key, value: unknown) => (RECLAIMED.has(key) ? undefined : value)),
  );
  checkSame(is, was, "stats after a failed call");
  const chunks = before.processChunks - after.processChunks;
  const bytes = before.usedBytes - after.usedBytes;
  if (chunks < 0 || bytes < chunks * PAGE_BYTES || (chunks === 0 && bytes > 0))
    fail(`${chunks} process chunks with ${bytes} bytes went back in a failed call`);
}

/** Thrown through a scenario that cannot go on. */
class ScenarioOver extends Error {}

/** A program that needs memory again and again. */
export type Scenario = (probe: OutOfMemoryProbe) => void;

/** Runs `scenario` to its end, or to the first failure if nothing makes room again. */
export function runScenario(scenario: Scenario, probe: OutOfMemoryProbe): void {
  try {
    scenario(probe);
    checkEverything(probe.model);
  } catch (error) {
    if (!(error instanceof ScenarioOver)) throw error;
  }
  probe.finish();
}
