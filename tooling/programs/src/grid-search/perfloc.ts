/**
 * A* with columns, in a context that lasts as long as the search:
 *
 *   heap ──► search      squares: cost, previous, heapIndex of each, zeroed
 *                        open list: estimates and squares, a binary heap
 */
import { Heap, type MemoryContext, type StructColumns, struct, u32 } from "@perfloc/typed";
import { type Grid, NO_WAY, type Way } from "./grid.js";

const Square = struct("Square", {
  /** Of the best way to it that is known, the first square included; 0 as long as none is known. */
  cost: u32,
  previous: u32,
  /** Where it is in the open list. */
  heapIndex: u32,
});
type Squares = StructColumns<(typeof Square)["~fields"]>;

/** What is in the open list. The estimate is the least that a way through the square can cost. */
const Entry = struct("Entry", { estimate: u32, square: u32 });

/** @returns a function that finds a cheapest way */
export function makeFindWay(
  heap: Heap = new Heap(),
): (grid: Grid, from: number, to: number) => Way {
  return (grid, from, to) => {
    const search = heap.open("search");
    try {
      return findWay(search, grid, from, to);
    } finally {
      search.drop();
    }
  };
}

function findWay(search: MemoryContext, grid: Grid, from: number, to: number): Way {
  const { width, height, costs } = grid;
  const squares = Square.columns(search, costs.length);
  const { cost, previous } = squares;
  const open = new OpenList(search, costs.length, squares);
  const lastColumn = to % width;
  const lastRow = Math.floor(to / width);

  const reach = (column: number, row: number, before: number): void => {
    const square = row * width + column;
    const step = costs[square]!;
    if (step === 0) return;
    const known = cost[square]!;
    const newCost = cost[before]! + step;
    // A square that was taken from the open list has its best cost: an estimate never shrinks along a way.
    if (known > 0 && newCost >= known) return;
    cost[square] = newCost;
    previous[square] = before;
    // Each step costs 1 or more.
    const estimate = newCost + Math.abs(lastColumn - column) + Math.abs(lastRow - row);
    if (known > 0) open.improve(square, estimate);
    else open.add(square, estimate);
  };

  cost[from] = costs[from]!;
  open.add(from, 0);
  while (open.length > 0) {
    const square = open.take();
    if (square === to) return { cost: cost[to]! - cost[from], squares: wayTo(previous, from, to) };
    const column = square % width;
    const row = (square - column) / width;
    if (column > 0) reach(column - 1, row, square);
    if (column < width - 1) reach(column + 1, row, square);
    if (row > 0) reach(column, row - 1, square);
    if (row < height - 1) reach(column, row + 1, square);
  }
  return NO_WAY;
}

function wayTo(previous: Uint32Array, from: number, to: number): number[] {
  const squares = [to];
  for (let at = to; at !== from;) squares.push((at = previous[at]!));
  return squares.toReversed();
}

/** A binary heap: the square with the least estimate comes first. */
class OpenList {
  readonly estimate: Uint32Array;
  readonly square: Uint32Array;
  readonly heapIndex: Uint32Array;
  length = 0;

  /** @param squareCount - a square is in it once */
  constructor(search: MemoryContext, squareCount: number, { heapIndex }: Squares) {
    const { estimate, square } = Entry.columns(search, squareCount);
    this.estimate = estimate;
    this.square = square;
    this.heapIndex = heapIndex;
  }

  add(square: number, estimate: number): void {
    this.#rise(this.length++, square, estimate);
  }

  /** Moves a square that is in it to where it belongs now that its estimate has become less. */
  improve(square: number, estimate: number): void {
    this.#rise(this.heapIndex[square]!, square, estimate);
  }

  /** Takes the first square; there has to be one. */
  take(): number {
    const taken = this.square[0]!;
    const last = --this.length;
    if (last > 0) this.#sink(this.square[last]!, this.estimate[last]!);
    return taken;
  }

  #rise(from: number, square: number, estimate: number): void {
    const { estimate: estimates, square: squares, heapIndex } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (estimates[parent]! <= estimate) break;
      estimates[at] = estimates[parent]!;
      squares[at] = squares[parent]!;
      heapIndex[squares[at]!] = at;
      at = parent;
    }
    estimates[at] = estimate;
    squares[at] = square;
    heapIndex[square] = at;
  }

  /** Puts a square in the place of the first one, and moves it down to where it belongs. */
  #sink(square: number, estimate: number): void {
    const { estimate: estimates, square: squares, heapIndex, length } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && estimates[child + 1]! < estimates[child]!) child++;
      if (estimates[child]! >= estimate) break;
      estimates[at] = estimates[child]!;
      squares[at] = squares[child]!;
      heapIndex[squares[at]!] = at;
      at = child;
    }
    estimates[at] = estimate;
    squares[at] = square;
    heapIndex[square] = at;
  }
}
