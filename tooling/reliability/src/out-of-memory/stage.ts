/**
 * Where a scenario plays: a heap whose source fails at one request, and a wrapper for every call that may therefore throw.
 *
 *   call ──► works                            ──► on
 *        └─► OutOfMemoryError ──► nothing may have changed ──► memory is there again ──► the same call must work
 *
 * An image of all memory before each call would take hours, and a scenario is deterministic: so it is played once to learn
 * which call fails, and once more with an image before just that call.
 */
import { type Arena, Heap, OutOfMemoryError, type MemoryContext } from "@perfloc/typed";
import { FailingSource, InjectedFailure } from "@perfloc-tooling/testkit";
import { type Image, LiveImage } from "./live-image.js";
import { MemoryImage } from "./memory-image.js";
import type { Scenario } from "./scenario.js";

/** Small top chunks, so that a scenario goes to the source often. */
const CHUNKS = { initialChunkBytes: 8192, maxChunkBytes: 65_536 } as const;

/** Which request fails. */
export interface Failure {
  /** Counted from 1; 0 for none. */
  readonly request: number;
  /** Whether all later ones fail too, until the failed call has been compared. */
  readonly isPersistent: boolean;
  /** The call that is known to fail, counted from 1; 0 when that is not known yet. */
  readonly call: number;
}

/** A heap before a call. */
interface Before {
  readonly image: Image;
  readonly liveImage: LiveImage;
  readonly usedBytes: number;
}

export class Stage {
  readonly source: FailingSource;
  readonly heap: Heap;
  /** Calls made so far. */
  calls = 0;
  /** Which call failed, counted from 1; 0 when none did. */
  failedCall = 0;
  readonly #failure: Failure;
  readonly #takeImage: (heap: Heap) => Image;

  constructor(failure: Failure, { options, freesAgain = false }: Omit<Scenario, "play">) {
    this.#failure = failure;
    this.#takeImage = freesAgain ? LiveImage.of : MemoryImage.of;
    this.source = new FailingSource(failure.request, failure.isPersistent);
    this.heap = new Heap({ ...CHUNKS, ...options, source: this.source });
  }

  get arena(): Arena {
    return this.heap.arena;
  }

  open(name: string, options?: Parameters<Heap["open"]>[1]): MemoryContext {
    return this.heap.open(name, options);
  }

  /** Makes a call that may run out of memory, and makes it again when it did. */
  call<T>(work: () => T): T {
    this.calls++;
    const before = this.calls === this.#failure.call ? this.#lookAtHeap() : undefined;
    try {
      return work();
    } catch (error) {
      this.#checkFailure(error, before);
    }
    if (this.#failure.isPersistent) {
      this.#checkFailsAgain(work, before);
      this.source.heal();
    }
    return work();
  }

  /** The same for a call that answers 0 where others throw. */
  tryCall(work: () => number): number {
    return this.call(() => {
      const answer = work();
      if (answer === 0) throw new AnsweredNothing();
      return answer;
    });
  }

  /** Drops everything: no byte may be in use, no buffer out. */
  finish(): void {
    const { heap, arena } = this;
    heap.verify();
    for (const { name, level } of heap.stats().children) {
      if (level !== 1) throw new Error(`${name} is not at the top`);
    }
    heap.dispose();
    arena.verify();
    const { usedBytes, heldBytes, spanCount } = arena.stats();
    if (usedBytes + heldBytes + spanCount !== 0)
      throw new Error(`leaked: ${usedBytes} bytes used, ${heldBytes} held, ${spanCount} spans`);
    if (this.source.live.size !== 0) throw new Error(`${this.source.live.size} buffers leaked`);
  }

  #lookAtHeap(): Before {
    const { heap } = this;
    const { usedBytes } = this.arena.stats();
    return { image: this.#takeImage(heap), liveImage: LiveImage.of(heap), usedBytes };
  }

  /** Before memory runs out, a context gives its empty process chunks back: if there were any, its objects must be as they were. */
  #differenceTo(before: Before): string | undefined {
    const { heap } = this;
    return this.arena.stats().usedBytes < before.usedBytes
      ? before.liveImage.differenceTo(LiveImage.of(heap))
      : before.image.differenceTo(this.#takeImage(heap));
  }

  #checkFailsAgain(work: () => unknown, before: Before | undefined): void {
    this.failedCall = 0;
    try {
      work();
    } catch (error) {
      this.#checkFailure(error, before);
      return;
    }
    throw new Error(`call ${this.calls} worked without memory when it was made again`);
  }

  #checkFailure(error: unknown, before: Before | undefined): void {
    if (!(error instanceof AnsweredNothing) && !isInjected(error)) throw error;
    if (this.failedCall !== 0) throw new Error(`a second call failed`, { cause: error });
    this.failedCall = this.calls;
    if (before === undefined) return;
    this.heap.verify();
    const difference = this.#differenceTo(before);
    if (difference !== undefined)
      throw new Error(`call ${this.calls} threw and left a change: ${difference}`, {
        cause: error,
      });
  }
}

/** Thrown within `tryCall` for the answer 0. */
class AnsweredNothing extends Error {}

function isInjected(error: unknown): boolean {
  return error instanceof OutOfMemoryError && error.cause instanceof InjectedFailure;
}
