/**
 * One policy under one demand, on a virtual clock.
 *
 *   each tick   the demand takes what it needs ──► observe, decide ──► what the policy releases goes ──► observe what is left
 *
 * Between the arrows is what a trimmer does. A level that is held behind the last one and not needed is idle for the whole tick.
 */
import { type TrimDecision, type TrimFacts, type TrimPolicy, makeFacts } from "@perfloc/trim";
import type { DemandShape } from "./demand-shape.js";
import { type LadderOptions, ladderFor } from "./ladder.js";
import { LookTimes, type Watch } from "./look-times.js";
import type { NeedTrace } from "./need-trace.js";
import { SimulatedHeap } from "./simulated-heap.js";

export interface SimulationOptions extends LadderOptions {
  /** Default 50. */
  readonly tickMs?: number;
  /** When the policy sees facts. Default `ticks`. */
  readonly watch?: Watch;
  /** Called with what the policy sees, and at the end. */
  readonly onFacts?: (facts: TrimFacts) => void;
}

/** What happened, tick by tick. */
export interface Run {
  readonly needs: NeedTrace;
  /** Demanded bytes. */
  readonly demand: Float64Array;
  /** 1 where a level is held after the policy has acted: as `needs.needed`. */
  readonly held: Uint8Array;
  /** How often the policy has looked. */
  readonly looks: number;
  readonly takenBytes: number;
  readonly releasedBytes: number;
}

export const DEFAULT_TICK_MS = 50;

export function simulate(
  policy: TrimPolicy,
  shape: DemandShape,
  options: SimulationOptions = {},
): Run {
  const { tickMs = DEFAULT_TICK_MS, watch = "ticks", onFacts } = options;
  const levels = ladderFor(shape.peakBytes, options);
  const ticks = Math.round(shape.durationMs / tickMs);
  const needed = new Uint8Array(ticks * levels.length);
  const held = new Uint8Array(ticks * levels.length);
  const demand = new Float64Array(ticks);
  const heap = new SimulatedHeap(levels);
  const times = new LookTimes(watch);
  const demandAt = shape.start();
  let state: unknown = policy.initialState;
  let looks = 0;
  for (let tick = 0; tick < ticks; tick++) {
    const now = tick * tickMs;
    const asked = demandAt(now, heap);
    demand[tick] = asked.bytes;
    if (heap.ask(asked)) times.ring(now);
    if (times.isDue(now)) {
      const facts = factsOf(heap, now);
      state = observe(policy, state, facts);
      const decisions = policy.decide(facts, state);
      carryOut(decisions, heap);
      const left = factsOf(heap, now);
      state = observe(policy, state, left);
      times.looked(nextDueAt(decisions));
      looks++;
      onFacts?.(facts);
      onFacts?.(left);
    }
    for (const { index } of levels) {
      needed[tick * levels.length + index] = Number(heap.isNeeded[index]);
      held[tick * levels.length + index] = Number(heap.isHeld[index]);
    }
  }
  onFacts?.(factsOf(heap, ticks * tickMs));
  const { takenBytes, releasedBytes } = heap;
  return {
    needs: { tickMs, ticks, levels, needed },
    demand,
    held,
    looks,
    takenBytes,
    releasedBytes,
  };
}

function observe(policy: TrimPolicy, state: unknown, facts: TrimFacts): unknown {
  return policy.observe === undefined ? state : policy.observe(state, facts);
}

function factsOf(heap: SimulatedHeap, now: number): TrimFacts {
  return makeFacts(now, heap.chunks(), "simulation", true);
}

/** The largest chunk goes first, of equal ones the highest; what is needed stays, as in an arena. */
function carryOut(decisions: readonly TrimDecision[], heap: SimulatedHeap): void {
  const going = decisions
    .filter(({ action, chunkIndex }) => action === "release" && !heap.isNeeded[chunkIndex]!)
    .toSorted((a, b) => b.chunkIndex - a.chunkIndex); // the ladder never falls
  for (const { chunkIndex } of going) heap.release(chunkIndex);
}

function nextDueAt(decisions: readonly TrimDecision[]): number {
  let dueAt = Infinity;
  for (const decision of decisions) {
    if (decision.action !== "release") dueAt = Math.min(dueAt, decision.dueAt ?? Infinity);
  }
  return dueAt;
}
