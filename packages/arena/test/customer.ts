import { type Arena, OutOfMemoryError } from "@perfloc/arena";
import { InjectedFailure } from "@perfloc-tooling/testkit";
import { expect } from "vitest";
import { type ArenaState, stateOf } from "./arena-state.js";

/** Reserves until it works, at most `attempts` times; what the arena shows is the same after each failure. */
export class Customer {
  readonly arena: Arena;
  readonly failures: OutOfMemoryError[] = [];
  readonly #attempts: number;

  constructor(arena: Arena, attempts: number) {
    this.arena = arena;
    this.#attempts = attempts;
  }

  /** The span, or 0 when memory is really gone. */
  reserve(byteLength: number): number {
    for (let attempt = 0; attempt < this.#attempts; attempt++) {
      const before = stateOf(this.arena);
      try {
        return this.arena.reserve(byteLength);
      } catch (error) {
        if (!(error instanceof OutOfMemoryError)) throw error;
        this.failures.push(error);
        checkFailure(this.arena, before, error, byteLength);
      }
    }
    return 0;
  }
}

/** The error says what the arena knew, and the arena is as it was. */
function checkFailure(
  arena: Arena,
  before: ArenaState,
  error: OutOfMemoryError,
  byteLength: number,
): void {
  expect(error).toMatchObject({
    code: "PERFLOC_ARENA_OUT_OF_MEMORY",
    requestedBytes: Math.ceil(byteLength / 4096) * 4096,
    heldBytes: before.stats.heldBytes,
    usedBytes: before.stats.usedBytes,
    limitBytes: Infinity,
    report: before.drawing.split("\n")[0],
  });
  expect(error.cause).toBeInstanceOf(InjectedFailure);
  arena.verify();
  expect(stateOf(arena)).toEqual(before);
}
