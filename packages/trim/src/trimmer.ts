/**
 * The trimmer: asks a policy which empty top chunks go back to the OS, and gives them back.
 *
 *   heap.arena.chunks ──► facts ──► policy ──► plan ──► heap.arena.releaseChunk
 *        mechanism        copied     pure      pure         mechanism
 *
 * It reads facts and calls one mechanism; below, only a doorbell knows of it: arena.watchChunks. Three ways to run it:
 *
 *   trim()           now, all that is due
 *   tick(now)        from a host's own loop: one step, answers when it wants to be called again
 *   start()          by itself: one timer for the next due time, none while nothing is empty
 */
import {
  ChunkInUseError,
  Heap,
  InvalidOptionError,
  type MemoryContext,
  ReleaseFailedError,
} from "@perfloc/context";
import { TrimInProgressError } from "./errors.js";
import { monotonicNow, wakeAfter, whenHidden } from "./host.js";
import { type MemoryPressure, pressureTest } from "./memory-pressure.js";
import { defaultPolicy } from "./policies/default-policy.js";
import { immediate } from "./policies/extremes.js";
import { checkOptions } from "./policies/options.js";
import { ReleasePace, type TrimPace } from "./release-pace.js";
import { type TrimFacts, readFacts } from "./trim-facts.js";
import {
  EMPTY_LEDGER,
  type TrimLedger,
  observeLedger,
  ratioToOptimum,
  wastedBytes,
} from "./trim-ledger.js";
import { type TrimPlan, inReleaseOrder, planTrim } from "./trim-plan.js";
import type { TrimPolicy } from "./trim-policy.js";

/**
 * How a {@link Trimmer} is made.
 * @public
 */
export interface TrimmerOptions {
  /** The time in milliseconds. Default `performance.now`. A test passes its own; one that goes back stands still. */
  readonly clock?: (() => number) | undefined;
  /** How fast memory goes back. */
  readonly pace?: TrimPace | undefined;
  /** Every empty chunk goes while the system is short of memory: looked at every second while one is empty. Default never. */
  readonly pressure?: MemoryPressure | undefined;
  /** Every empty chunk goes when the page is hidden, while started. In browsers; default false. */
  readonly whenHidden?: boolean | undefined;
}

/**
 * How {@link Trimmer.trim} is called.
 * @public
 */
export interface TrimOptions {
  /** Releases every empty chunk, whatever policy and pace say. Default false. */
  readonly force?: boolean | undefined;
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
 * What a trim did. `plan.heldBytes` is the sum of the six figures in bytes, and the arena holds `releasedBytes` fewer than
 * before.
 * @public
 */
export interface TrimReport {
  /** What was to be done. */
  readonly plan: TrimPlan;
  /** Bytes given back. */
  readonly releasedBytes: number;
  /** Bytes that go later, if nothing happens before. */
  readonly scheduledBytes: number;
  /** Bytes that the policy kept. */
  readonly keptBytes: number;
  /** Bytes in chunks that could not go. */
  readonly blockedBytes: number;
  /** The contexts of this heap in those chunks: drop them, and the chunks can go. */
  readonly blockedBy: readonly MemoryContext[];
  /** Bytes in chunks whose release failed. */
  readonly failedBytes: number;
  /** Bytes in chunks that a source used, or gave back, while others were released; 0 as a rule. */
  readonly overtakenBytes: number;
  /** The chunks whose release failed; empty as a rule. */
  readonly failures: readonly TrimFailure[];
  /** How long it took by the clock, in milliseconds. */
  readonly durationMs: number;
}

/**
 * Running totals of a trimmer, and how well its policy has done so far.
 *
 * Costs are counted in byte-seconds: holding an empty byte for a second costs one, giving it back and taking it again costs
 * ten. What happens between two runs of the trimmer is seen as far as the arena's counters tell.
 * @public
 */
export interface TrimmerStats {
  /** Runs: trims, and ticks that were due. */
  readonly trims: number;
  /** Top chunks given back. */
  readonly releasedChunks: number;
  /** Bytes given back. */
  readonly releasedBytes: number;
  /** Releases that failed. */
  readonly failedReleases: number;
  /** Bytes held and empty, times seconds. */
  readonly idleByteSeconds: number;
  /** Bytes that were given back and taken again. */
  readonly recommittedBytes: number;
  /** Those of them that were taken again within ten seconds: too early. */
  readonly regretBytes: number;
  /** Bytes that were held and empty for more than ten seconds: too late. */
  readonly wastedBytes: number;
  /** Cost so far over the least cost that knowledge of the future could have reached: 1 is perfect. */
  readonly ratioToOptimum: number;
}

/** How a run goes about it. */
interface HowToTrim {
  /** Everything empty goes, whatever policy and pace say. */
  readonly isForced: boolean;
  /** No more than this goes now, but at least one chunk. */
  readonly stepBytes: number;
  /** Whether the reasons name who uses a chunk. */
  readonly namesUsers: boolean;
}

/** As `trim` and `plan` do it. */
const AT_ONCE: HowToTrim = { isForced: false, stepBytes: Infinity, namesUsers: true };

/** What a run has done. */
interface Run {
  readonly plan: TrimPlan;
  readonly releasedBytes: number;
  readonly overtakenBytes: number;
  readonly failures: readonly TrimFailure[];
}

/** How soon after a chunk ran empty the policy looks at it, in milliseconds: many scopes end in that time. */
const SETTLE_MS = 100;

/** How soon a release that failed is tried again, in milliseconds. */
const RETRY_MS = 1000;

/** How often memory pressure is looked at while something is empty, in milliseconds. */
const PRESSURE_MS = 1000;

/**
 * Gives the empty top chunks of a heap back to the OS, by a policy.
 * @example
 * ```ts
 * const heap = new Heap();
 * using trimmer = new Trimmer(heap).start();     // what stays empty goes back within 15 seconds
 * ```
 * @public
 */
export class Trimmer implements Disposable {
  /** The heap that it trims. Heaps on the same arena are trimmed with it. */
  readonly heap: Heap;
  /** What decides. */
  readonly policy: TrimPolicy;
  readonly #clock: () => number;
  readonly #pace: ReleasePace;
  /** Whether memory is short; undefined when nobody asked for it. */
  readonly #isShort: (() => boolean) | undefined;
  readonly #hidesWithPage: boolean;
  #state: unknown;
  #ledger: TrimLedger = EMPTY_LEDGER;
  /** Time of the last run: the clock never goes back behind it. */
  #now = -Infinity;
  /** When `tick` has something to do. */
  #dueAt = -Infinity;
  /** Whether a chunk ran empty, or was taken, since anybody looked at the clock. */
  #hasRung = false;
  #isTrimming = false;
  #trims = 0;
  #releasedChunks = 0;
  #releasedBytes = 0;
  #failedReleases = 0;
  readonly #limitBefore: number;
  #stopTimer: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  readonly #stopWatching: () => void;

  /**
   * Makes a trimmer. Nothing is released before `trim`, `tick` or `start` is called.
   * @param policy - what decides; default `defaultPolicy()`. Its hard limit, if it has one, becomes the arena's
   * @throws InvalidOptionError, InvalidSizeError `PERFLOC_TRIM_INVALID_OPTION` for what is no heap, no policy, no clock, and
   * for options out of range
   */
  constructor(heap: Heap, policy: TrimPolicy = defaultPolicy(), options: TrimmerOptions = {}) {
    checkOptions(options);
    const { clock = monotonicNow, pace = {}, pressure, whenHidden: hides = false } = options;
    checkArguments(heap, policy, clock);
    this.#pace = new ReleasePace(pace);
    this.#isShort = pressureTest(pressure);
    this.#hidesWithPage = hides;
    this.heap = heap;
    this.policy = policy;
    this.#clock = clock;
    this.#state = policy.initialState;
    const { arena } = heap;
    this.#limitBefore = arena.maxBytes;
    if (policy.hardLimitBytes !== undefined)
      arena.setLimit(Math.min(policy.hardLimitBytes, arena.maxBytes));
    this.#stopWatching = arena.watchChunks(() => this.#noteChange());
  }

  /**
   * Answers what `trim` would do now, and does nothing.
   * @remarks Complexity: O(top chunks + pages of those in use), plus what the policy takes.
   */
  plan(): TrimPlan {
    const facts = readFacts(this.heap.arena, this.#readClock());
    return this.#planFor(facts, this.#observe(this.#state, facts), AT_ONCE);
  }

  /**
   * Does exactly what `plan` answers. Never touches a top chunk that is in use.
   *
   * A release that fails stops nothing: the chunk stays held, is listed in `failures`, and the others still go.
   * @throws TrimInProgressError `PERFLOC_TRIM_IN_PROGRESS` from within a running trim, for instance from a source
   * @remarks Complexity: O(top chunks + pages of those in use) and one call of the source for each chunk released.
   * Invalidates the typed arrays over released chunks; no address of a live object is in them.
   */
  trim(options: TrimOptions = {}): TrimReport {
    checkOptions(options);
    if (this.#isTrimming) throw new TrimInProgressError();
    const startMs = this.#readClock();
    const run = this.#run(startMs, { ...AT_ONCE, isForced: options.force === true });
    return reportOf(run, this.heap, Math.max(0, this.#clock() - startMs));
  }

  /**
   * For a host's own loop: does the next step if one is due, at most `pace.stepBytes` of it, and answers when to call again.
   * @param now - the clock's time in milliseconds; one before the last stands still
   * @returns the clock's time of the next step, `now` itself when there is more to do at once; Infinity while nothing waits.
   * A chunk that runs empty brings it nearer: who sleeps until then should also look at it after a burst
   * @throws InvalidOptionError `PERFLOC_TRIM_INVALID_TIME` when `now` is no finite number
   * @remarks Complexity: O(1) when nothing is due, else as `trim`.
   */
  tick(now: number = this.#clock()): number {
    if (typeof now !== "number" || !Number.isFinite(now)) throw invalidTime(now);
    if (this.#hasRung && !this.#isTrimming) this.#settle(Math.max(now, this.#now + SETTLE_MS));
    if (now < this.#dueAt || this.#isTrimming) return Math.max(this.#dueAt, this.#now);
    const { stepBytes } = this.#pace;
    this.#run(Math.max(now, this.#now), { isForced: false, stepBytes, namesUsers: false });
    return this.#dueAt;
  }

  /**
   * Runs by itself from now on: one timer for the next step, none while nothing is empty, and none that keeps a process
   * alive. Doing it twice does nothing.
   * @returns this trimmer
   */
  start(): this {
    if (this.#stopListening !== undefined) return this;
    this.#stopListening = this.#hidesWithPage ? whenHidden(() => this.#trimWhenHidden()) : nothing;
    try {
      this.tick();
      this.#wakeWhenDue();
    } catch (error) {
      this.stop();
      throw error;
    }
    return this;
  }

  /** Ends what `start` began. `trim` and `tick` go on working. */
  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  /** Whether it runs by itself. */
  get isStarted(): boolean {
    return this.#stopListening !== undefined;
  }

  /** Whether a timer of it is pending: only while it is started, and something waits or has just changed. */
  get isTimerPending(): boolean {
    return this.#stopTimer !== undefined;
  }

  /**
   * Stops, lets go of the heap, and gives the arena the limit back that it had before the policy's: the end of a `using`
   * block. Whoever starts it afterwards gets one look and no more: it hears of nothing.
   */
  [Symbol.dispose](): void {
    this.stop();
    this.#stopWatching();
    const { arena } = this.heap;
    if (this.policy.hardLimitBytes === arena.maxBytes) arena.setLimit(this.#limitBefore);
  }

  /** Running totals, and how well the policy has done. O(top chunks). */
  stats(): TrimmerStats {
    const ledger = observeLedger(this.#ledger, readFacts(this.heap.arena, this.#readClock()));
    return {
      trims: this.#trims,
      releasedChunks: this.#releasedChunks,
      releasedBytes: this.#releasedBytes,
      failedReleases: this.#failedReleases,
      idleByteSeconds: ledger.idleByteMs / 1000,
      recommittedBytes: ledger.recommittedBytes,
      regretBytes: ledger.regretBytes,
      wastedBytes: wastedBytes(ledger),
      ratioToOptimum: ratioToOptimum(ledger),
    };
  }

  #readClock(): number {
    const now = this.#clock();
    if (typeof now !== "number" || !Number.isFinite(now)) throw invalidTime(now);
    return Math.max(now, this.#now);
  }

  #observe(state: unknown, facts: TrimFacts): unknown {
    return this.policy.observe === undefined ? state : this.policy.observe(state, facts);
  }

  /** The plan for facts; `state` is the policy's after it has observed them. */
  #planFor(facts: TrimFacts, state: unknown, how: HowToTrim): TrimPlan {
    const nameUsers = how.namesUsers ? (at: number) => namesOf(usersOf(this.heap, at)) : noNames;
    const { stepBytes } = how;
    if (how.isForced || this.#isShort?.() === true) {
      const pace = new ReleasePace({});
      return planTrim({ facts, policy: immediate(), state, pace, stepBytes, nameUsers });
    }
    return planTrim({ facts, policy: this.policy, state, pace: this.#pace, stepBytes, nameUsers });
  }

  /** Observes, plans, releases; the only place that changes anything. What was done is noted whatever throws later. */
  #run(now: number, how: HowToTrim): Run {
    this.#isTrimming = true;
    this.#hasRung = false;
    try {
      const facts = readFacts(this.heap.arena, now);
      const state = this.#observe(this.#state, facts);
      const plan = this.#planFor(facts, state, how);
      const run = { plan, ...this.#release(plan, facts) };
      // Once more with what is left: a chunk may be taken again before the next facts are.
      const left = readFacts(this.heap.arena, now);
      this.#ledger = observeLedger(observeLedger(this.#ledger, facts), left);
      this.#state = state;
      this.#now = now;
      this.#trims++;
      this.#pace.spend(now, run.releasedBytes);
      this.#dueAt = this.#nextDueAt(run, left);
      this.#state = this.#observe(state, left);
      return run;
    } finally {
      this.#isTrimming = false;
      this.#wakeWhenDue();
    }
  }

  #nextDueAt({ plan, failures }: Run, { now, releasable }: TrimFacts): number {
    const retryAt = failures.length > 0 ? now + RETRY_MS : Infinity;
    const pressureAt =
      this.#isShort !== undefined && releasable.length > 0 ? now + PRESSURE_MS : Infinity;
    return Math.min(plan.nextDueAt, retryAt, pressureAt);
  }

  #release(plan: TrimPlan, facts: TrimFacts): Omit<Run, "plan"> {
    const failures: TrimFailure[] = [];
    let releasedBytes = 0;
    let overtakenBytes = 0;
    for (const { chunkIndex, byteLength } of inReleaseOrder(plan, facts)) {
      try {
        const givenBytes = this.heap.arena.releaseChunk(chunkIndex);
        releasedBytes += givenBytes;
        overtakenBytes += byteLength - givenBytes;
        if (givenBytes > 0) this.#releasedChunks++;
      } catch (error) {
        if (error instanceof ReleaseFailedError) failures.push({ chunkIndex, byteLength, error });
        else if (error instanceof ChunkInUseError) overtakenBytes += byteLength;
        else throw error;
      }
    }
    this.#releasedBytes += releasedBytes;
    this.#failedReleases += failures.length;
    return { releasedBytes, overtakenBytes, failures };
  }

  /**
   * The bell: a chunk ran empty, or was taken. It rings inside the arena, so it looks at nothing, not even the clock; a
   * started trimmer wakes when the scopes that are ending have ended.
   */
  #noteChange(): void {
    if (this.#hasRung) return;
    this.#hasRung = true;
    if (!this.#isTrimming) this.#wakeIn(SETTLE_MS);
  }

  /** What rang is looked at at `time`, or before. */
  #settle(time: number): void {
    this.#hasRung = false;
    this.#dueAt = Math.min(this.#dueAt, time);
  }

  #wakeWhenDue(): void {
    if (this.#hasRung) this.#wakeIn(Math.min(SETTLE_MS, this.#dueAt - this.#now));
    else this.#wakeIn(this.#dueAt - this.#now);
  }

  /** Sets the one timer of a started trimmer; Infinity for none. */
  #wakeIn(ms: number): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (!this.isStarted || ms === Infinity) return;
    this.#stopTimer = wakeAfter(ms, () => this.#wake());
  }

  /** The timer. What throws here is nobody's to catch: it goes on a second later, and the error to the host. */
  #wake(): void {
    this.#stopTimer = undefined;
    try {
      const now = this.#readClock();
      if (this.#hasRung) this.#settle(now);
      this.tick(now);
      // A timer may be early by the resolution of the clock.
      this.#wakeIn(this.#dueAt - now);
    } catch (error) {
      this.#wakeIn(RETRY_MS);
      throw error;
    }
  }

  #trimWhenHidden(): void {
    if (!this.#isTrimming) this.trim({ force: true });
  }
}

function reportOf(
  { plan, releasedBytes, overtakenBytes, failures }: Run,
  heap: Heap,
  durationMs: number,
): TrimReport {
  const { scheduledBytes, keptBytes, blockedBytes } = plan;
  const blocked = plan.actions.filter(({ action }) => action === "blocked");
  const blockedBy = new Set(blocked.flatMap(({ chunkIndex }) => usersOf(heap, chunkIndex)));
  const failedBytes = failures.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const sums = {
    releasedBytes,
    scheduledBytes,
    keptBytes,
    blockedBytes,
    failedBytes,
    overtakenBytes,
  };
  return { plan, ...sums, blockedBy: [...blockedBy], failures, durationMs };
}

/** What `stop` calls when there was nothing to listen to. */
function nothing(): void {}

function usersOf(heap: Heap, chunkIndex: number): readonly MemoryContext[] {
  return heap.contextsIn(heap.arena.chunks[chunkIndex]!);
}

/** In a tick nobody reads the reasons, and finding the names looks at every page in use. */
function noNames(): string {
  return "";
}

/** At most this many contexts are named in a reason. */
const MAX_NAMES = 3;

/** For reasons; empty when a chunk is used by another heap, or by spans without a context. */
function namesOf(users: readonly MemoryContext[]): string {
  if (users.length === 0) return "";
  const names = users.slice(0, MAX_NAMES).map(({ name }) => `"${name}"`);
  const others = users.length - names.length;
  return ` by ${names.join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
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
    throw invalidOption("clock", clock, "it must be a function that returns milliseconds");
  }
}

function invalidOption(name: string, value: unknown, requirement: string): InvalidOptionError {
  return new InvalidOptionError("PERFLOC_TRIM_INVALID_OPTION", name, value, requirement);
}

function invalidTime(now: unknown): InvalidOptionError {
  return new InvalidOptionError(
    "PERFLOC_TRIM_INVALID_TIME",
    "now",
    now,
    "a time is a finite number of milliseconds",
  );
}
