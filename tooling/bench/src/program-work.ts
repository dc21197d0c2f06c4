/** The work of the `program-*` rows, the same for both versions of a program. */
import { randomExpression } from "@perfloc-tooling/programs/expression/random-expression";
import { type Grid, makeGrid, type Way } from "@perfloc-tooling/programs/grid-search/grid";
import { makeRequests } from "@perfloc-tooling/programs/order-server/order";
import {
  makeTraffic,
  type Traffic,
  type TrafficReport,
} from "@perfloc-tooling/programs/packets/capture";
import type { Work } from "./perfloc/passes.js";

const SEED = 2;

const ORDERS = 1000;

/** In squares. A way leads from one corner to the other. */
const MAP_SIDE = 256;
const WALL_SHARE = 0.2;

const EXPRESSIONS = 1000;
const OPERANDS = 20;
const DEPTH = 5;

/** Packets come in batches, so that the loop over them is called often enough for V8 to compile it as a whole. */
const BATCHES = 20;
const PACKETS_PER_BATCH = 1000;

export function orderWork(answer: (json: string) => string): Work {
  const requests = makeRequests(ORDERS, SEED);
  return {
    operations: ORDERS,
    runsPerPass: 1,
    run() {
      let characters = 0;
      for (const request of requests) characters += answer(request).length;
      return characters;
    },
    cleanUp() {},
  };
}

export function searchWork(findWay: (grid: Grid, from: number, to: number) => Way): Work {
  const grid = makeGrid(MAP_SIDE, MAP_SIDE, WALL_SHARE, SEED);
  const last = grid.costs.length - 1;
  return {
    operations: grid.costs.length,
    runsPerPass: 1,
    run: () => findWay(grid, 0, last).cost,
    cleanUp() {},
  };
}

interface ParserParts<Tree> {
  /** Drops the trees that there are. */
  readonly dropTrees: () => void;
  readonly parse: (text: string) => Tree;
  readonly evaluate: (tree: Tree) => number;
}

/** A pass makes all trees anew, and drops those of the pass before. */
export function parseWork<Tree>({ dropTrees, parse, evaluate }: ParserParts<Tree>): Work {
  const texts = randomExpressions();
  let trees: Tree[] = [];
  return {
    operations: EXPRESSIONS * OPERANDS,
    runsPerPass: 1,
    run() {
      dropTrees();
      trees = [];
      for (const text of texts) trees.push(parse(text));
      return trees.length;
    },
    readBack: () => sumOfValues(trees, evaluate),
    cleanUp() {},
  };
}

export function evaluateWork<Tree>({ parse, evaluate }: ParserParts<Tree>): Work {
  const trees = randomExpressions().map(parse);
  return {
    operations: EXPRESSIONS * OPERANDS,
    runsPerPass: 1,
    run: () => sumOfValues(trees, evaluate),
    cleanUp() {},
  };
}

function randomExpressions(): string[] {
  return Array.from({ length: EXPRESSIONS }, (_, index) =>
    randomExpression(OPERANDS, DEPTH, SEED + index),
  );
}

/** Of their low bits: some expressions divide by zero. */
function sumOfValues<Tree>(trees: readonly Tree[], evaluate: (tree: Tree) => number): number {
  let sum = 0;
  for (const tree of trees) sum += evaluate(tree) & 0xffff;
  return sum;
}

/** Each packet loses a hop in a pass, and has it again for the next. */
export function packetWork(forward: (traffic: Traffic) => TrafficReport): Work {
  const batches = Array.from({ length: BATCHES }, (_, index) => {
    const { bytes, offsets } = makeTraffic(PACKETS_PER_BATCH, SEED + index);
    return { received: bytes, traffic: { bytes: Buffer.from(bytes), offsets } };
  });
  return {
    operations: BATCHES * PACKETS_PER_BATCH,
    runsPerPass: 1,
    run() {
      let bytes = 0;
      for (const { traffic } of batches) bytes += forward(traffic).payloadBytes;
      return bytes;
    },
    readBack() {
      let sum = 0;
      for (const { traffic } of batches)
        for (const offset of traffic.offsets) sum += traffic.bytes.readUInt32BE(offset + 8);
      return sum;
    },
    cleanUp() {
      for (const { received, traffic } of batches) received.copy(traffic.bytes);
    },
  };
}
