/** A heap without memory: which levels are needed and held. It answers what a trimmer reads from a real one. */
import type { ChunkFacts } from "@perfloc/trim";
import type { Demand, HeapView } from "./demand-shape.js";
import type { Level } from "./ladder.js";

const PAGE_BYTES = 4096;

export interface HeapChange {
  /** Whether a level that was needed is not any more. */
  readonly hasRunEmpty: boolean;
  /** Whether a level that had been released was taken again. */
  readonly hasReturned: boolean;
}

export class SimulatedHeap implements HeapView {
  readonly levels: readonly Level[];
  readonly isHeld: boolean[];
  readonly isNeeded: boolean[];
  takenBytes = 0;
  releasedBytes = 0;
  readonly #usedBytes: number[];
  readonly #spansCut: number[];
  readonly #wasReleased: boolean[];

  constructor(levels: readonly Level[]) {
    this.levels = levels;
    this.isHeld = levels.map(() => false);
    this.isNeeded = levels.map(() => false);
    this.#usedBytes = levels.map(() => 0);
    this.#spansCut = levels.map(() => 0);
    this.#wasReleased = levels.map(() => false);
  }

  get heldBytes(): number {
    return this.takenBytes - this.releasedBytes;
  }

  /** Takes what is needed and not held: each level with less than the demand below it, and each with a pin in it. */
  ask({ bytes, pins = [] }: Demand): HeapChange {
    let hasRunEmpty = false;
    let hasReturned = false;
    for (const level of this.levels) {
      const { index, base, byteLength } = level;
      const isPinned = pins.some((pin) => pin >= base && pin < base + byteLength);
      const isNeeded = isPinned || bytes > base;
      const wasNeeded = this.isNeeded[index]!;
      if (isNeeded && !wasNeeded) this.#spansCut[index]!++;
      if (isNeeded && !this.isHeld[index]!) {
        this.#take(level);
        if (this.#wasReleased[index]!) hasReturned = true;
      }
      if (wasNeeded && !isNeeded) hasRunEmpty = true;
      this.isNeeded[index] = isNeeded;
      const demanded = Math.min(byteLength, Math.max(0, bytes - base));
      this.#usedBytes[index] = Math.max(demanded, isPinned ? PAGE_BYTES : 0);
    }
    return { hasRunEmpty, hasReturned };
  }

  /** @throws Error when the level is needed, or not held */
  release(index: number): void {
    if (this.isNeeded[index]!) throw new Error(`level ${index} is needed`);
    if (!this.isHeld[index]!) throw new Error(`level ${index} is not held`);
    this.isHeld[index] = false;
    this.#wasReleased[index] = true;
    this.releasedBytes += this.levels[index]!.byteLength;
  }

  chunks(): readonly ChunkFacts[] {
    return this.levels
      .filter(({ index }) => this.isHeld[index]!)
      .map(({ index, base, byteLength }) => ({
        chunkIndex: index,
        base,
        byteLength,
        usedBytes: this.#usedBytes[index]!,
        spansCut: this.#spansCut[index]!,
      }));
  }

  #take({ index, byteLength }: Level): void {
    this.isHeld[index] = true;
    this.takenBytes += byteLength;
  }
}
