import type { Arena, ArenaStats } from "@perfloc/arena";
import { expect } from "vitest";

/** Everything about an arena that can be seen without touching it. */
export interface ArenaState {
  readonly stats: ArenaStats;
  readonly drawing: string;
  readonly chunks: readonly object[];
}

export function stateOf(arena: Arena): ArenaState {
  return {
    stats: arena.stats(),
    drawing: arena.describe(),
    chunks: arena.chunks.map(
      ({ index, base, byteLength, usedBytes, freeBytes, epoch, isHeld }) => ({
        index,
        base,
        byteLength,
        usedBytes,
        freeBytes,
        epoch,
        isHeld,
      }),
    ),
  };
}

/** What `work` throws, which must be a `kind`. */
export function errorOf<T extends Error>(
  kind: abstract new (...args: never[]) => T,
  work: () => unknown,
): T {
  try {
    work();
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
  throw new Error(`expected a ${kind.name}, nothing was thrown`);
}

/** What `work` throws, after a check that it left the arena as it was. */
export function checkRefusal<T extends Error>(
  arena: Arena,
  kind: abstract new (...args: never[]) => T,
  work: () => unknown,
): T {
  const before = stateOf(arena);
  const error = errorOf(kind, work);
  arena.verify();
  expect(stateOf(arena)).toEqual(before);
  return error;
}

/** Base addresses of the held chunks, in the order of the vector. */
export function heldBases(arena: Arena): number[] {
  return arena.chunks.filter((chunk) => chunk.isHeld).map((chunk) => chunk.base);
}

/** Lengths of the held chunks, in the order of the vector. */
export function heldLengths(arena: Arena): number[] {
  return arena.chunks.filter((chunk) => chunk.isHeld).map((chunk) => chunk.byteLength);
}
