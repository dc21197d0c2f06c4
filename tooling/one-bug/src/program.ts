/** A program with one bug in it. */
import type { CheckLevel, Heap, MemoryContext } from "@perfloc/typed";

/** What it gets: a heap on the level to be tried, with every object guarded where the level guards any. */
export interface Scene {
  readonly heap: Heap;
  readonly context: MemoryContext;
  /** Writes a byte wherever it is told, as a wild store does. */
  readonly poke: (address: number, value: number) => void;
}

export interface BugProgram {
  /** The bug, in a few words. */
  readonly bug: string;
  /** Which part of the library it misuses. */
  readonly layer: "arena" | "context" | "trim" | "typed";
  /** Code of the error that it must end in, on the levels that find it. */
  readonly code: string;
  /** The levels that find it. Where a level is missing, the program ends as if nothing had happened, or in another way. */
  readonly foundOn: readonly CheckLevel[];
  /** Ends in the error, or in nothing. Disposing the heap belongs to it: it is done afterwards. */
  run(scene: Scene): void;
}

export const ALL: readonly CheckLevel[] = ["off", "check", "debug", "sample"];
export const CHECKED: readonly CheckLevel[] = ["check", "debug", "sample"];
export const GUARDED: readonly CheckLevel[] = ["debug", "sample"];
export const DEBUG: readonly CheckLevel[] = ["debug"];
