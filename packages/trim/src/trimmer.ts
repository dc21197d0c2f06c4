/**
 * The trimmer: asks a policy which empty top chunks go back to the OS, and gives them back.
 *
 *   heap.arena.chunks ──► facts ──► policy ──► plan ──► heap.arena.releaseChunk
 *        mechanism        copied     pure      pure         mechanism
 *
 * It reads facts and calls one mechanism; nothing below knows that it exists. It does nothing by itself: call `trim`.
 */
import { Heap, InvalidOptionError } from "@perfloc/context";
import { readFacts } from "./trim-facts.js";
import { type TrimPlan, planTrim } from "./trim-plan.js";
import type { TrimPolicy } from "./trim-policy.js";

/**
 * How a {@link Trimmer} is made.
 * @public
 */
export interface TrimmerOptions {
  /** The time in milliseconds, never going back. Default `performance.now`. A test passes its own. */
  readonly clock?: (() => number) | undefined;
}

/**
 * A top chunk that was to go and could not: it is still held and usable, and the next trim tries again.
 * @public
 */
export interface TrimFailure {
  /** Position in `heap.arena.chunks`. */
  readonly chunkIndex: number;
  /** Its length in bytes. */
  readonly byteLength: number;
  /** What `releaseChunk` threw: a ReleaseFailedError, whose `cause` is the source's error. */
  readonly error: unknown;
}

/**
 * What a trim did. `plan.heldBytes = releasedBytes + keptBytes + blockedBytes + failedBytes`, and the arena holds
 * `releasedBytes` fewer than before.
 * @public
 */
export interface TrimReport {
  /** What was to be done. */
  readonly plan: TrimPlan;
  /** Bytes given back. */
  readonly releasedBytes: number;
  /** Bytes that the policy kept. */
  readonly keptBytes: number;
  /** Bytes in chunks that could not go. */
  readonly blockedBytes: number;
  /** Bytes in chunks whose release failed. */
  readonly failedBytes: number;
  /** The chunks whose release failed; empty as a rule. */
  readonly failures: readonly TrimFailure[];
  /** How long it took by the clock, in milliseconds. */
  readonly durationMs: number;
}

/**
 * Running totals of a trimmer.
 * @public
 */
export interface TrimmerStats {
  /** Calls of `trim`. */
  readonly trims: number;
  /** Top chunks given back. */
  readonly releasedChunks: number;
  /** Bytes given back. */
  readonly releasedBytes: number;
  /** Releases that failed. */
  readonly failedReleases: number;
}

interface PerformanceClock {
  now(): number;
}

/** A global of every host; typed here because no ECMAScript library declares it. */
declare const performance: PerformanceClock;

/**
 * Gives the empty top chunks of a heap back to the OS, by a policy.
 * @example
 * ```ts
 * const heap = new Heap();
 * const trimmer = new Trimmer(heap, retain({ bytes: 64 * 1024 }));
 * const { releasedBytes } = trimmer.trim();
 * ```
 * @public
 */
export class Trimmer {
  /** The heap that it trims. Heaps on the same arena are trimmed with it. */
  readonly heap: Heap;
  /** What decides. */
  readonly policy: TrimPolicy;
  readonly #clock: () => number;
  #trims = 0;
  #releasedChunks = 0;
  #releasedBytes = 0;
  #failedReleases = 0;

  /**
   * Makes a trimmer. Nothing is released before `trim` is called.
   * @throws InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION` for what is no heap, no policy or no clock
   */
  constructor(heap: Heap, policy: TrimPolicy, options: TrimmerOptions = {}) {
    const { clock = () => performance.now() } = options;
    checkArguments(heap, policy, clock);
    this.heap = heap;
    this.policy = policy;
    this.#clock = clock;
  }

  /**
   * Answers what `trim` would do now, and does nothing.
   * @remarks Complexity: O(top chunks), plus what the policy takes.
   */
  plan(): TrimPlan {
    return planTrim(readFacts(this.heap.arena, this.#clock()), this.policy);
  }

  /**
   * Does exactly what `plan` answers. Never touches a top chunk that is in use.
   *
   * A release that fails stops nothing: the chunk stays held, is listed in `failures`, and the others still go.
   * @remarks Complexity: O(top chunks) and one call of the source for each chunk released. Invalidates the typed arrays
   * over released chunks; no address of a live object is in them.
   */
  trim(): TrimReport {
    const startMs = this.#clock();
    const plan = this.plan();
    const failures: TrimFailure[] = [];
    let releasedBytes = 0;
    let failedBytes = 0;
    for (const { chunkIndex, byteLength, action } of plan.actions) {
      if (action !== "release") continue;
      try {
        releasedBytes += this.heap.arena.releaseChunk(chunkIndex);
        this.#releasedChunks++;
      } catch (error) {
        failures.push({ chunkIndex, byteLength, error });
        failedBytes += byteLength;
      }
    }
    this.#trims++;
    this.#releasedBytes += releasedBytes;
    this.#failedReleases += failures.length;
    const { keptBytes, blockedBytes } = plan;
    const durationMs = this.#clock() - startMs;
    return { plan, releasedBytes, keptBytes, blockedBytes, failedBytes, failures, durationMs };
  }

  /** Running totals, at no cost. */
  stats(): TrimmerStats {
    return {
      trims: this.#trims,
      releasedChunks: this.#releasedChunks,
      releasedBytes: this.#releasedBytes,
      failedReleases: this.#failedReleases,
    };
  }
}

/** Takes the arguments as a caller without types may pass them. */
function checkArguments(
  heap: unknown,
  policy: Partial<TrimPolicy> | null | undefined,
  clock: unknown,
): void {
  if (!(heap instanceof Heap)) throw invalidOption("heap", heap, "it must be a Heap");
  if (typeof policy?.decide !== "function") {
    throw invalidOption("policy", policy, "it must be a policy, such as immediate()");
  }
  if (typeof clock !== "function") {
    throw invalidOption("clock", clock, "it must be a function that answers milliseconds");
  }
}

function invalidOption(name: string, value: unknown, requirement: string): InvalidOptionError {
  return new InvalidOptionError("PERFLOC_TRIM_INVALID_OPTION", name, value, requirement);
}
