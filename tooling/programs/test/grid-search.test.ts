/** Both searches find ways that are as cheap as those that a search without any estimate finds. */
import { Heap } from "@perfloc/typed";
import { expect, test } from "vitest";
import { type Grid, type Way, makeGrid } from "../src/grid-search/grid.js";
import { makeFindWay } from "../src/grid-search/perfloc.js";
import { findWay } from "../src/grid-search/plain.js";

function neighbours({ width, height }: Grid, square: number): number[] {
  const column = square % width;
  const row = Math.floor(square / width);
  return [
    ...(column > 0 ? [square - 1] : []),
    ...(column < width - 1 ? [square + 1] : []),
    ...(row > 0 ? [square - width] : []),
    ...(row < height - 1 ? [square + width] : []),
  ];
}

/** The costs of the cheapest ways from a square to all others, by Bellman and Ford: again and again until nothing changes. */
function allCosts(grid: Grid, from: number): number[] {
  const costs = Array.from(grid.costs, (_, square) => (square === from ? 0 : Infinity));
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    for (let square = 0; square < costs.length; square++) {
      if (grid.costs[square] === 0) continue;
      for (const before of neighbours(grid, square)) {
        const cost = costs[before]! + grid.costs[square]!;
        if (cost >= costs[square]!) continue;
        costs[square] = cost;
        hasChanged = true;
      }
    }
  }
  return costs;
}

/** That each square is beside the one before it, none is a wall, and the costs add up. */
function checkWay(grid: Grid, { cost, squares }: Way, from: number, to: number): void {
  if (cost === Infinity) {
    expect(squares).toEqual([]);
    return;
  }
  expect([squares[0], squares.at(-1)]).toEqual([from, to]);
  let sum = 0;
  for (const [step, square] of squares.entries()) {
    if (step === 0) continue;
    expect(neighbours(grid, squares[step - 1]!)).toContain(square);
    expect(grid.costs[square]).toBeGreaterThan(0);
    sum += grid.costs[square]!;
  }
  expect(sum).toBe(cost);
}

test.each(Array.from({ length: 30 }, (_, seed) => seed))("made-up maps, seed %i", (seed) => {
  using heap = new Heap();
  const searches = [findWay, makeFindWay(heap)];
  const grid = makeGrid(3 + seed, 20, [0, 0.1, 0.2, 0.3][seed % 4]!, seed);
  const costs = allCosts(grid, 0);
  for (const to of [0, costs.length - 1, costs.findLastIndex((_, at) => grid.costs[at] !== 0)]) {
    for (const search of searches) {
      const way = search(grid, 0, to);
      expect(way.cost).toBe(costs[to]);
      checkWay(grid, way, 0, to);
    }
  }
  expect(heap.stats().usedBytes).toBe(0);
});

test("a map that was drawn by hand", () => {
  const rows = ["1911", "1901", "1111"];
  const grid = { width: 4, height: 3, costs: Uint8Array.from(rows.join(""), Number) };
  const way = { cost: 7, squares: [0, 4, 8, 9, 10, 11, 7, 3] };
  expect(findWay(grid, 0, 3)).toEqual(way);
  expect(makeFindWay()(grid, 0, 3)).toEqual(way);
  const cut = { width: 3, height: 2, costs: Uint8Array.from("101101", Number) };
  for (const search of [findWay, makeFindWay()])
    expect(search(cut, 0, 2)).toEqual({ cost: Infinity, squares: [] });
});
