/**
 * What a heap tells those who listen. Nobody listens: no hub, and each place that would tell tests one field, on cold paths only.
 *
 *   heap.on(event, listener) ──► EventHub in HeapState.events ◄── chunk chain, contexts, guards, arena.watchHeld
 *
 * Resets are hot, and are not tested at all: while there is a hub, it counts as a reset callback, which sends them the slow way.
 */
import type { OutOfMemoryError, PerflocError, TopChunk } from "@perfloc/arena";
import type { MemoryContext } from "../memory-context.js";
import type { EventPort, HeapState } from "../tables/context-node.js";

/**
 * The events of a heap, and what their listeners get.
 * @public
 */
export interface HeapEvents {
  /** A top chunk was taken from the source. */
  readonly "chunk-reserved": ChunkEvent;
  /** A top chunk was given back. */
  readonly "chunk-released": ChunkEvent;
  /** A context was opened. */
  readonly "context-opened": ContextEvent;
  /** A context went on in a further process chunk. */
  readonly "context-forwarded": ForwardEvent;
  /** A context was reset; its children that went with it were dropped before. */
  readonly "context-reset": ContextEvent;
  /** A context was dropped, by itself or with what is above it. */
  readonly "context-dropped": ContextEvent;
  /** An allocation or a move found no memory, or a limit; also where `tryAlloc` answered 0. */
  readonly "out-of-memory": OutOfMemoryEvent;
  /** A call was refused as a mistake, or a check level found one. */
  readonly misuse: MisuseEvent;
}

/**
 * A change of what the arena holds. An arena that heaps share tells all of them.
 * @public
 */
export interface ChunkEvent {
  readonly chunk: TopChunk;
  /** Bytes that were taken or given back. */
  readonly byteLength: number;
}

/**
 * Something happened to a context.
 * @public
 */
export interface ContextEvent {
  readonly context: MemoryContext;
}

/**
 * A context was forwarded to a process chunk.
 * @public
 */
export interface ForwardEvent extends ContextEvent {
  /** Length of the new chunk. */
  readonly byteLength: number;
}

/**
 * Memory could not be had.
 * @public
 */
export interface OutOfMemoryEvent extends ContextEvent {
  /** What the call throws; its report is empty in a `tryAlloc`. */
  readonly error: OutOfMemoryError;
}

/**
 * A mistake of the program.
 * @public
 */
export interface MisuseEvent {
  readonly error: PerflocError;
}

export type HeapEventName = keyof HeapEvents;

export const EVENT_NAMES: readonly HeapEventName[] = [
  "chunk-reserved",
  "chunk-released",
  "context-opened",
  "context-forwarded",
  "context-reset",
  "context-dropped",
  "out-of-memory",
  "misuse",
];

interface Registration {
  readonly name: HeapEventName;
  readonly listener: (event: never) => void;
}

/** The listeners of one heap. Exists while there is at least one. */
class EventHub implements EventPort {
  #registrations: readonly Registration[] = [];
  /** Listeners of misuse may look, and looking can be a misuse: of that they are not told. */
  #isTellingMisuse = false;
  /** The arena forgets this hub: it may outlive the heap. */
  readonly stopWatching: () => void;

  constructor(state: HeapState) {
    this.stopWatching = state.arena.watchHeld((chunk, byteLength) => {
      const name = byteLength > 0 ? "chunk-reserved" : "chunk-released";
      this.emit(name, { chunk, byteLength: Math.abs(byteLength) });
    });
  }

  emit(name: string, event: object): void {
    if (name !== "misuse") {
      this.#tell(name, event);
      return;
    }
    if (this.#isTellingMisuse) return;
    this.#isTellingMisuse = true;
    this.#tell(name, event);
    this.#isTellingMisuse = false;
  }

  #tell(name: string, event: object): void {
    for (const registration of this.#registrations) {
      if (registration.name !== name) continue;
      try {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was registered for this name
        (registration.listener as (event: object) => void)(event);
      } catch (error) {
        throwLater(error);
      }
    }
  }

  add(registration: Registration): void {
    this.#registrations = [...this.#registrations, registration];
  }

  /** Whether any is left. */
  remove(registration: Registration): boolean {
    this.#registrations = this.#registrations.filter((other) => other !== registration);
    if (this.#registrations.length > 0) return true;
    this.stopWatching();
    return false;
  }
}

/** Registers a listener. @returns takes it away again; a second call does nothing */
export function listen(
  state: HeapState,
  name: HeapEventName,
  listener: (event: never) => void,
): () => void {
  const known = state.events instanceof EventHub ? state.events : undefined;
  const hub = known ?? new EventHub(state);
  if (known === undefined) {
    state.events = hub;
    state.callbackCount++;
  }
  const registration: Registration = { name, listener };
  hub.add(registration);
  let isListening = true;
  return () => {
    if (!isListening) return;
    isListening = false;
    if (hub.remove(registration)) return;
    state.events = undefined;
    state.callbackCount--;
  };
}

/** As an uncaught error, when the call that told the listener is done: what listeners throw is neither lost nor the heap's. */
function throwLater(error: unknown): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every host has it; no ECMAScript library declares it
  const host = globalThis as unknown as { queueMicrotask(run: () => void): void };
  host.queueMicrotask(() => {
    throw error;
  });
}
