/** Programs with structs in contexts. */
import { makeEvaluate, parse } from "@perfloc-tooling/programs/expression/perfloc";
import { makeFindWay } from "@perfloc-tooling/programs/grid-search/perfloc";
import { makeServer } from "@perfloc-tooling/programs/order-server/perfloc";
import { forward } from "@perfloc-tooling/programs/packets/perfloc";
import { type Address, Heap } from "@perfloc/typed";
import type { ProgramPart } from "../program-rows.js";
import { evaluateWork, orderWork, packetWork, parseWork, searchWork } from "../program-work.js";
import type { Work } from "./passes.js";

export const programs: { readonly [Part in ProgramPart]: () => Work } = {
  orders: () => orderWork(makeServer(new Heap())),
  search: () => searchWork(makeFindWay(new Heap())),
  parse: () => parseWork(parserIn(new Heap())),
  evaluate: () => evaluateWork(parserIn(new Heap())),
  packets: () => packetWork(forward),
};

function parserIn(heap: Heap): Parameters<typeof parseWork<Address>>[0] {
  let trees = heap.open("trees", { kind: "bump" });
  return {
    dropTrees() {
      trees.drop();
      trees = heap.open("trees", { kind: "bump" });
    },
    parse: (text) => parse(trees, text),
    evaluate: makeEvaluate(heap),
  };
}
