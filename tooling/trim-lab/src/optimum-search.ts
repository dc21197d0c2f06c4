/**
 * The offline optimum again, by dynamic programming over what is held. Slower than the closed form and open to rules that
 * tie levels together (limits, pacing); here it proves the closed form.
 *
 *   cost(tick, S) = rent(tick, S) + min over S' of cost(tick - 1, S') + price of S' without S        S holds what is needed
 */
import { BREAK_EVEN_MS } from "@perfloc/trim";
import type { NeedTrace } from "./need-trace.js";

/** More levels than this are more sets than anyone wants to wait for. */
const MAX_SEARCH_LEVELS = 12;

/**
 * Over all sets of held levels. The price of a change is a sum over levels, so the minimum over all sets before is found one
 * level at a time: O(levels x 2^levels) for each tick instead of O(4^levels).
 */
export function searchHeldSets(trace: NeedTrace): number {
  const { ticks, levels } = trace;
  if (levels.length > MAX_SEARCH_LEVELS) {
    throw new RangeError(`${levels.length} levels are more than ${MAX_SEARCH_LEVELS}`);
  }
  const sets = 2 ** levels.length;
  const cost = new Float64Array(sets).fill(Infinity);
  cost[0] = 0;
  for (let tick = 0; tick < ticks; tick++) {
    for (const { index, byteLength } of levels) {
      const bit = 1 << index;
      for (let set = 0; set < sets; set++) {
        if ((set & bit) !== 0) continue;
        const without = cost[set]!;
        cost[set] = Math.min(without, cost[set | bit]! + byteLength * BREAK_EVEN_MS);
        cost[set | bit] = Math.min(cost[set | bit]!, without); // taking was paid for with the release
      }
    }
    const needed = neededSet(trace, tick);
    for (let set = 0; set < sets; set++) {
      cost[set]! += (set & needed) === needed ? rentOf(trace, set & ~needed) : Infinity;
    }
  }
  return Math.min(...cost);
}

/** Over the lowest levels being held, as many as there are: all that is needed where nothing is pinned. */
export function searchPrefixes(trace: NeedTrace): number {
  const { ticks, levels } = trace;
  const capacity = (held: number): number => capacityOf(trace, held);
  let cost = levels.map(() => Infinity);
  cost = [0, ...cost];
  for (let tick = 0; tick < ticks; tick++) {
    const needed = neededPrefix(trace, tick);
    cost = cost.map((_, held) => {
      if (held < needed) return Infinity;
      const changes = cost.map(
        (before, was) => before + Math.max(0, capacity(was) - capacity(held)) * BREAK_EVEN_MS,
      );
      return Math.min(...changes) + (capacity(held) - capacity(needed)) * trace.tickMs;
    });
  }
  return Math.min(...cost);
}

function neededSet({ levels, needed }: NeedTrace, tick: number): number {
  let set = 0;
  for (const { index } of levels) set |= needed[tick * levels.length + index]! << index;
  return set;
}

/** How many of the lowest levels hold all that are needed. */
function neededPrefix(trace: NeedTrace, tick: number): number {
  return 32 - Math.clz32(neededSet(trace, tick));
}

function rentOf({ levels, tickMs }: NeedTrace, set: number): number {
  let bytes = 0;
  for (const { index, byteLength } of levels) if ((set & (1 << index)) !== 0) bytes += byteLength;
  return bytes * tickMs;
}

/** Bytes of the lowest `count` levels. */
function capacityOf({ levels }: NeedTrace, count: number): number {
  const highest = levels[count - 1];
  return highest === undefined ? 0 : highest.base + highest.byteLength;
}
