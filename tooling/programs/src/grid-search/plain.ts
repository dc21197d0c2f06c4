/** A* in plain JavaScript: an object for each square that is seen, and a binary heap of these objects. */
import { type Grid, NO_WAY, type Way } from "./grid.js";

/** A square that the search has seen. */
class Square {
  readonly column: number;
  readonly row: number;
  /** Of the best way to it that is known. */
  cost = Infinity;
  /** The least that a way through it can cost. */
  estimate = Infinity;
  previous: Square | undefined = undefined;
  /** Where it is in the open list; -1 when it is not. */
  heapIndex = -1;

  constructor(column: number, row: number) {
    this.column = column;
    this.row = row;
  }
}

/** @returns a cheapest way */
export function findWay({ width, height, costs }: Grid, from: number, to: number): Way {
  const squares: (Square | undefined)[] = [];
  squares.length = costs.length;
  const squareAt = (column: number, row: number): Square =>
    (squares[row * width + column] ??= new Square(column, row));
  const first = squareAt(from % width, Math.floor(from / width));
  const last = squareAt(to % width, Math.floor(to / width));
  const open = new OpenList();

  const reach = (column: number, row: number, previous: Square): void => {
    const step = costs[row * width + column]!;
    if (step === 0) return;
    const square = squareAt(column, row);
    const cost = previous.cost + step;
    // A square that was taken from the open list has its best cost: an estimate never shrinks along a way.
    if (cost >= square.cost) return;
    square.cost = cost;
    // Each step costs 1 or more.
    square.estimate = cost + Math.abs(last.column - column) + Math.abs(last.row - row);
    square.previous = previous;
    open.add(square);
  };

  first.cost = 0;
  open.add(first);
  for (let square = open.take(); square !== undefined; square = open.take()) {
    if (square === last) return wayTo(last, width);
    const { column, row } = square;
    if (column > 0) reach(column - 1, row, square);
    if (column < width - 1) reach(column + 1, row, square);
    if (row > 0) reach(column, row - 1, square);
    if (row < height - 1) reach(column, row + 1, square);
  }
  return NO_WAY;
}

function wayTo(last: Square, width: number): Way {
  const squares: number[] = [];
  for (let at: Square | undefined = last; at !== undefined; at = at.previous)
    squares.push(at.row * width + at.column);
  return { cost: last.cost, squares: squares.toReversed() };
}

/** A binary heap: the square with the least estimate comes first. */
class OpenList {
  readonly squares: Square[] = [];

  /** Adds a square, or moves it where its estimate belongs that has become less. */
  add(square: Square): void {
    const { squares } = this;
    let at = square.heapIndex < 0 ? squares.length : square.heapIndex;
    while (at > 0) {
      const parent = squares[(at - 1) >> 1]!;
      if (parent.estimate <= square.estimate) break;
      squares[at] = parent;
      parent.heapIndex = at;
      at = (at - 1) >> 1;
    }
    squares[at] = square;
    square.heapIndex = at;
  }

  take(): Square | undefined {
    const { squares } = this;
    const taken = squares[0];
    const last = squares.pop();
    if (taken !== undefined) taken.heapIndex = -1;
    if (last !== undefined && last !== taken) this.#sink(last);
    return taken;
  }

  /** Puts a square in the place of the first one, and moves it down to where it belongs. */
  #sink(square: Square): void {
    const { squares } = this;
    const { length } = squares;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && squares[child + 1]!.estimate < squares[child]!.estimate) child++;
      if (squares[child]!.estimate >= square.estimate) break;
      squares[at] = squares[child]!;
      squares[at]!.heapIndex = at;
      at = child;
    }
    squares[at] = square;
    square.heapIndex = at;
  }
}
