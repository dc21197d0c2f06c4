/** Rows that compare whole programs with the same programs in plain JavaScript. */
import { fileURLToPath } from "node:url";
import type { Row } from "./row.js";

const WITH_STRUCTS = fileURLToPath(new URL("./perfloc/program-process.js", import.meta.url));
const PLAIN = fileURLToPath(new URL("./peers/program-process.js", import.meta.url));

/** Passes of each measurement; one takes 1 to 10 ms. */
const PASSES = 51;

/** The measured parts of the programs in `tooling/programs`. */
export type ProgramPart = "orders" | "search" | "parse" | "evaluate" | "packets";

/** The parts; `bound` is the largest allowed ratio of Perfloc's time to that of plain JavaScript. */
const parts: {
  readonly [Part in ProgramPart]: { readonly what: string; readonly bound?: number };
} = {
  orders: {
    what: "orders in JSON are answered, each in a context of its own; an operation is one order",
    bound: 1.3,
  },
  search: {
    what: "the cheapest way over a map of 65,536 squares is found, by A* in columns; an operation is one square",
    bound: 0.7,
  },
  parse: {
    what: "expressions are parsed into trees of structs; an operation is one operand",
    bound: 1.2,
  },
  evaluate: { what: "the trees of these expressions are evaluated; an operation is one operand" },
  packets: {
    what: "headers of IPv4 and TCP are checked, counted and changed in a Buffer; an operation is one packet",
    bound: 1.5,
  },
};

export function programRow(part: ProgramPart): Row {
  const { what, bound } = parts[part];
  const args = [part, `${PASSES}`];
  return {
    name: `program-${part}`,
    summary: `${what}, against plain JavaScript`,
    question: "programs",
    ...(bound !== undefined && { bound }),
    prepare: () => ({
      perfloc: { path: WITH_STRUCTS, args },
      peers: [{ label: "plain JavaScript", path: PLAIN, args }],
    }),
  };
}
