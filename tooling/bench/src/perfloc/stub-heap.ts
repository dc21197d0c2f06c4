/**
 * A heap that allocates nothing: it returns recorded addresses in their order. A replay on it takes the time of its loop and of the
 * words that it writes, without an allocator.
 *
 * The objects lie where the recorded heap had them, in its top chunks, so that the loop finds its words as it does there. `native/
 * replay-mode.h` is the same for the programs in C.
 */
import type { Work } from "./passes.js";
import type { ReplayContext, ReplayHeap } from "./replay-heap.js";

/** The heap and all of its contexts. */
export class StubHeap implements ReplayHeap, ReplayContext {
  readonly arena: ReplayHeap["arena"];
  readonly isDropped = false;
  readonly #addresses: Uint32Array;
  #next = 0;

  constructor(arena: ReplayHeap["arena"], addresses: Uint32Array) {
    this.arena = arena;
    this.#addresses = addresses;
  }

  rewind(): void {
    this.#next = 0;
  }

  alloc(): number {
    return this.#addresses[this.#next++]!;
  }

  free(): void {}

  /** An object that moves takes its first word along, which replays read back. */
  realloc(address: number): number {
    const moved = this.#addresses[this.#next++]!;
    if (moved !== address) {
      const from = this.arena.chunkAt(address);
      const to = this.arena.chunkAt(moved);
      to.u32[(moved - to.base) >>> 2] = from.u32[(address - from.base) >>> 2]!;
    }
    return moved;
  }

  open(): ReplayContext {
    return this;
  }

  reset(): void {}

  setParent(): void {}

  drop(): void {}
}

/** A replay on a stub, which begins with the first address again after each pass. */
export function rewindAfterPass(stub: StubHeap, work: Work): Work {
  return {
    ...work,
    cleanUp() {
      work.cleanUp();
      stub.rewind();
    },
  };
}
