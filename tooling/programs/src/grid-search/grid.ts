/** Maps for a search of the way: squares that cost something to enter, and walls. */
import { randomFrom } from "@perfloc-tooling/testkit";

export interface Grid {
  readonly width: number;
  readonly height: number;
  /** What it costs to enter each square, row by row: 1 to 9; 0 is a wall. */
  readonly costs: Uint8Array;
}

/** A way from one square to another: four directions, no wall. */
export interface Way {
  /** What it costs to enter all its squares but the first; Infinity where there is no way. */
  readonly cost: number;
  /** Indices of its squares from the first to the last; none where there is no way. */
  readonly squares: readonly number[];
}

export const NO_WAY: Way = { cost: Infinity, squares: [] };

/**
 * A made-up map.
 *
 * @param wallShare - how much of it is walls, 0 to 1; not the first and the last square
 */
export function makeGrid(width: number, height: number, wallShare: number, seed: number): Grid {
  const random = randomFrom(seed);
  const squareCount = width * height;
  const costs = Uint8Array.from({ length: squareCount }, () =>
    random() < wallShare ? 0 : 1 + Math.floor(random() * random() * 9),
  );
  costs[0] ||= 1;
  costs[squareCount - 1] ||= 1;
  return { width, height, costs };
}
