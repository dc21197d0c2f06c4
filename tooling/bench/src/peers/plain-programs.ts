/** The same programs in plain JavaScript. */
import { evaluate, parse } from "@perfloc-tooling/programs/expression/plain";
import { findWay } from "@perfloc-tooling/programs/grid-search/plain";
import { answer } from "@perfloc-tooling/programs/order-server/plain";
import { forward } from "@perfloc-tooling/programs/packets/plain";
import type { Work } from "../perfloc/passes.js";
import type { ProgramPart } from "../program-rows.js";
import { evaluateWork, orderWork, packetWork, parseWork, searchWork } from "../program-work.js";

const parser = { dropTrees() {}, parse, evaluate };

export const plainPrograms: { readonly [Part in ProgramPart]: () => Work } = {
  orders: () => orderWork(answer),
  search: () => searchWork(findWay),
  parse: () => parseWork(parser),
  evaluate: () => evaluateWork(parser),
  packets: () => packetWork(forward),
};
