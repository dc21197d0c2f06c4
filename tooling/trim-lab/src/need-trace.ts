/** When each level was needed: all that the offline optimum knows, and all that it needs to know. */
import type { Level } from "./ladder.js";

export interface NeedTrace {
  readonly tickMs: number;
  readonly ticks: number;
  readonly levels: readonly Level[];
  /** 1 where a level is needed during a tick: at `tick * levels.length + level`. */
  readonly needed: Uint8Array;
}

/** A level between two uses, or between the last one and the end. */
export interface Gap {
  readonly level: Level;
  readonly fromTick: number;
  /** The tick of the next use, or the end of the trace. */
  readonly toTick: number;
  /** Whether it was used again. */
  readonly isFinished: boolean;
}

/** Every gap: level by level, in the order of time. Before its first use a level has none. */
export function gapsOf({ ticks, levels, needed }: NeedTrace): readonly Gap[] {
  const gaps: Gap[] = [];
  for (const level of levels) {
    let lastUse = -1;
    for (let tick = 0; tick < ticks; tick++) {
      if (needed[tick * levels.length + level.index] === 0) continue;
      if (lastUse >= 0 && tick > lastUse + 1) {
        gaps.push({ level, fromTick: lastUse + 1, toTick: tick, isFinished: true });
      }
      lastUse = tick;
    }
    if (lastUse >= 0 && lastUse + 1 < ticks) {
      gaps.push({ level, fromTick: lastUse + 1, toTick: ticks, isFinished: false });
    }
  }
  return gaps;
}
