/**
 * Heaps of the level `debug` that were garbage collected without `dispose`, with contexts open. A context hangs in the tree
 * of its heap, so it is collected with the heap and never alone: contexts that a program lost while it kept the heap are listed
 * by `heap.report()` instead.
 *
 * What is kept for the report must not reach the heap, or it would never be collected: names, and sites as text.
 */
import { counted } from "@perfloc/arena/internal";
import type { HeapState } from "../tables/context-node.js";

/**
 * A context that was still open.
 * @public
 */
export interface OpenContext {
  readonly name: string;
  /** Up to six frames of the call that opened it, innermost first. */
  readonly openedAt: readonly string[];
}

/**
 * What `onLeak` gets when a heap was garbage collected.
 * @public
 */
export interface HeapLeak {
  /** The contexts that were open, in the order in which they were opened. */
  readonly contexts: readonly OpenContext[];
}

interface Watched {
  readonly contexts: Map<number, OpenContext>;
  readonly tell: (leak: HeapLeak) => void;
}

// The engine promises no call, and none at the end of a process: that is what heap.report() is for.
const registry = new FinalizationRegistry<Watched>(({ contexts, tell }) => {
  if (contexts.size > 0) tell({ contexts: [...contexts.values()] });
});

export class LeakWatch {
  readonly #contexts = new Map<number, OpenContext>();
  readonly #token: object;
  #lastId = 0;

  /** @param tell - must not reach the heap */
  constructor(state: HeapState, tell: ((leak: HeapLeak) => void) | undefined) {
    this.#token = {};
    const watched = { contexts: this.#contexts, tell: tell ?? warn };
    registry.register(state, watched, this.#token);
  }

  /** @returns what `dropped` takes */
  opened(name: string, openedAt: readonly string[]): number {
    this.#contexts.set(++this.#lastId, { name, openedAt });
    return this.#lastId;
  }

  dropped(watchId: number): void {
    this.#contexts.delete(watchId);
  }

  /** The heap was disposed: nothing is left to report. */
  stop(): void {
    registry.unregister(this.#token);
  }
}

/** The default of `onLeak`. */
function warn({ contexts }: HeapLeak): void {
  const lines = contexts.map(
    ({ name, openedAt }) => `  "${name}", opened at ${openedAt[0] ?? "?"}`,
  );
  const text = `a heap was garbage collected without dispose(), with ${counted(contexts.length, "context")} open:`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every host has it; no ECMAScript library declares it
  const host = globalThis as unknown as { console?: { warn(text: string): void } };
  host.console?.warn([`perfloc: ${text}`, ...lines].join("\n"));
}
