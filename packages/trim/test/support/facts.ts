/** Facts of heaps that exist in tests only. */
import { type TrimFacts, type TrimPolicy, makeFacts } from "@perfloc/trim";

/** A demand on a ladder of chunks, of which some are held: the chunks that it fills are cut anew each time. */
export class PaperHeap {
  readonly lengths: readonly number[];
  readonly held: Set<number> = new Set();
  readonly #spansCut: number[];
  readonly #epochs: number[];
  /** Bytes that came back after a release. */
  recommittedBytes = 0;
  /** All rises of demand. */
  risenBytes = 0;
  readonly #released: Set<number> = new Set();
  #demand = 0;

  constructor(lengths: readonly number[]) {
    this.lengths = lengths;
    this.#spansCut = lengths.map(() => 0);
    this.#epochs = lengths.map(() => 0);
  }

  get heldBytes(): number {
    let sum = 0;
    for (const index of this.held) sum += this.lengths[index]!;
    return sum;
  }

  /** What is asked for from now on. */
  demand(bytes: number): void {
    this.risenBytes += Math.max(0, bytes - this.#demand);
    this.#demand = bytes;
    let base = 0;
    for (const [index, byteLength] of this.lengths.entries()) {
      if (bytes <= base) break;
      if (!this.held.has(index) && this.#released.delete(index))
        this.recommittedBytes += byteLength;
      this.held.add(index);
      this.#spansCut[index]!++;
      base += byteLength;
    }
  }

  factsAt(now: number): TrimFacts {
    let base = 0;
    const chunks = this.lengths.map((byteLength, chunkIndex) => {
      const usedBytes = Math.max(0, Math.min(byteLength, this.#demand - base));
      const chunk = {
        chunkIndex,
        base,
        byteLength,
        usedBytes,
        spansCut: this.#spansCut[chunkIndex]!,
        epoch: this.#epochs[chunkIndex]!,
      };
      base += byteLength;
      return chunk;
    });
    return makeFacts(
      now,
      chunks.filter(({ chunkIndex }) => this.held.has(chunkIndex)),
      "paper",
      true,
    );
  }

  /** A span comes and goes in one chunk, which nobody sees but by its count. */
  touch(chunkIndex: number): void {
    if (this.held.has(chunkIndex)) this.#spansCut[chunkIndex]!++;
  }

  release(chunkIndex: number): void {
    this.held.delete(chunkIndex);
    this.#epochs[chunkIndex]!++;
    this.#released.add(chunkIndex);
  }
}

/** A policy at work on a paper heap, as a trimmer runs it. */
export class PaperTrimmer {
  readonly heap: PaperHeap;
  readonly policy: TrimPolicy;
  #state: unknown;

  constructor(heap: PaperHeap, policy: TrimPolicy) {
    this.heap = heap;
    this.policy = policy;
    this.#state = policy.initialState;
  }

  /** Releases what the policy wants released; answers the indices. */
  trimAt(now: number): number[] {
    const facts = this.heap.factsAt(now);
    this.#observe(facts);
    const going = this.policy
      .decide(facts, this.#state)
      .filter(({ action }) => action === "release")
      .map(({ chunkIndex }) => chunkIndex);
    for (const chunkIndex of going) this.heap.release(chunkIndex);
    this.#observe(this.heap.factsAt(now));
    return going;
  }

  #observe(facts: TrimFacts): void {
    this.#state = this.policy.observe?.(this.#state, facts) ?? this.#state;
  }
}
