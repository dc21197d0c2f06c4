/** A heap without memory: which levels are needed and held. It answers what a trimmer reads from a real one. */
import type { ChunkFacts } from "@perfloc/trim";
import type { Demand, HeapView } from "./demand-shape.js";
import type { Level } from "./ladder.js";

const PAGE_BYTES = 4096;

export class SimulatedHeap implements HeapView {
  readonly levels: readonly Level[];
  readonly isHeld: boolean[];
  readonly isNeeded: boolean[];
  takenBytes = 0;
  releasedBytes = 0;
  readonly #usedBytes: number[];
  readonly #spansCut: number[];
  readonly #epochs: number[];

  constructor(levels: readonly Level[]) {
    this.levels = levels;
    this.isHeld = levels.map(() => false);
    this.isNeeded = levels.map(() => false);
    this.#usedBytes = levels.map(() => 0);
    this.#spansCut = levels.map(() => 0);
    this.#epochs = levels.map(() => 0);
  }

  get heldBytes(): number {
    return this.takenBytes - this.releasedBytes;
  }

  /**
   * Takes what is needed and not held: each level with less than the demand below it, and each with a pin in it.
   * @returns whether the doorbell rang: a level has run empty, or one that had been released was taken again
   */
  ask({ bytes, pins = [] }: Demand): boolean {
    let hasRung = false;
    for (const level of this.levels) {
      const { index, base, byteLength } = level;
      const isPinned = pins.some((pin) => pin >= base && pin < base + byteLength);
      const isNeeded = isPinned || bytes > base;
      const wasNeeded = this.isNeeded[index]!;
      if (isNeeded && !wasNeeded) this.#spansCut[index]!++;
      if (isNeeded && !this.isHeld[index]!) {
        this.#take(level);
        if (this.#epochs[index]! > 0) hasRung = true;
      }
      if (wasNeeded && !isNeeded) hasRung = true;
      this.isNeeded[index] = isNeeded;
      const demanded = Math.min(byteLength, Math.max(0, bytes - base));
      this.#usedBytes[index] = Math.max(demanded, isPinned ? PAGE_BYTES : 0);
    }
    return hasRung;
  }

  /** @throws Error when the level is needed, or not held */
  release(index: number): void {
    if (this.isNeeded[index]!) throw new Error(`level ${index} is needed`);
    if (!this.isHeld[index]!) throw new Error(`level ${index} is not held`);
    this.isHeld[index] = false;
    this.#epochs[index]!++;
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
        epoch: this.#epochs[index]!,
      }));
  }

  #take({ index, byteLength }: Level): void {
    this.isHeld[index] = true;
    this.takenBytes += byteLength;
  }
}
