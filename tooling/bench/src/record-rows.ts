/** Rows about what the garbage collector does to a service that keeps many records. */
import { fileURLToPath } from "node:url";
import type { RecordContextKind } from "./perfloc/record-context.js";
import type { Row, ScriptPeer } from "./row.js";

const CONTEXT = fileURLToPath(new URL("./perfloc/record-process.js", import.meta.url));
const COLLECTED = fileURLToPath(new URL("./peers/record-process.js", import.meta.url));

const RECORDS = 2_000_000;

/** A tick replaces 1 %, message by message: a service does not do 20,000 of them without a look at its sockets. */
const TICKS = 300;
const TURNS_PER_TICK = 20;
const RECORDS_PER_TURN = RECORDS / 100 / TURNS_PER_TICK;

/** A process takes 2 to 15 seconds. */
const MAX_ROUNDS = 3;

type Peer = "array" | "map" | "buffers";

const LABELS: Readonly<Record<Peer, string>> = {
  array: "plain objects",
  map: "Map of objects",
  buffers: "Buffer slices",
};

export function recordRow(name: string, kind: RecordContextKind, peers: readonly Peer[]): Row {
  const args = [`${RECORDS}`, `${RECORDS_PER_TURN}`, `${TICKS * TURNS_PER_TICK}`];
  return {
    name,
    summary: `a service keeps 2 million records in a ${kind} context and replaces 1 % of them per tick; an operation is one record`,
    question: "pauses",
    maxRounds: MAX_ROUNDS,
    prepare() {
      return {
        perfloc: { path: CONTEXT, args: [kind, ...args] },
        peers: peers.map((peer): ScriptPeer => ({
          label: LABELS[peer],
          path: COLLECTED,
          args: [peer, ...args],
        })),
      };
    },
  };
}
