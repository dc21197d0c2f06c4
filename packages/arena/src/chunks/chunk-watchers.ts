/** The listeners of an arena: to chunks that run empty or are taken, and to changes of the held bytes. */
import { InvalidOptionError } from "../errors.js";
import type { TopChunk } from "../tables/top-chunk.js";

/**
 * Called with the top chunk that was taken from the source or given back, and the change of the held bytes.
 * @public
 */
export type HeldWatcher = (chunk: TopChunk, byteLength: number) => void;

export class ChunkWatchers {
  private readonly chunkWatchers: (() => void)[] = [];
  private heldWatchers: readonly HeldWatcher[] = [];

  /** @returns removes the listener */
  addChunkWatcher(listener: () => void): () => void {
    checkListener(listener);
    const registration = (): void => listener();
    this.chunkWatchers.push(registration);
    return () => {
      const position = this.chunkWatchers.indexOf(registration);
      if (position >= 0) this.chunkWatchers.splice(position, 1);
    };
  }

  /** @returns removes the listener */
  addHeldWatcher(listener: HeldWatcher): () => void {
    checkListener(listener);
    const registration: HeldWatcher = (chunk, byteLength) => listener(chunk, byteLength);
    this.heldWatchers = [...this.heldWatchers, registration];
    return () => {
      this.heldWatchers = this.heldWatchers.filter((watcher) => watcher !== registration);
    };
  }

  /** A chunk ran empty, or was taken from the source. */
  notifyChunkWatchers(): void {
    if (this.chunkWatchers.length > 0) this.callChunkWatchers();
  }

  private callChunkWatchers(): void {
    for (const watcher of this.chunkWatchers) watcher();
  }

  notifyHeldWatchers(chunk: TopChunk, byteLength: number): void {
    for (const watcher of this.heldWatchers) watcher(chunk, byteLength);
  }
}

function checkListener(listener: unknown): void {
  if (typeof listener === "function") return;
  throw new InvalidOptionError(
    "PERFLOC_ARENA_INVALID_OPTION",
    "listener",
    listener,
    "it must be a function",
  );
}
