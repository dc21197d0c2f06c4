/** Rows that replace one object after the other, while so many are live. */
import { fileURLToPath } from "node:url";
import { mallocSides } from "./malloc-sides.js";
import { passCountFor } from "./pass-count.js";
import type { PeerName } from "./peers/peer-allocator.js";
import {
  binaryReplaceCommands,
  makeReplaceCommands,
  type ReplaceOrder,
} from "./replace-commands.js";
import type { Row, ScriptPeer } from "./row.js";
import type { Workshop } from "./workshop.js";

const REPLACE = fileURLToPath(new URL("./perfloc/replace-process.js", import.meta.url));
const PEER_REPLACE = fileURLToPath(new URL("./peers/replace-process.js", import.meta.url));

type LiveCount = 1_000 | 100_000;

/** Replacements in a pass. Not more for 1,000 objects, because the slowest peer takes 5 μs for one. */
const PASS_LENGTH: Readonly<Record<LiveCount, number>> = { 1_000: 20_000, 100_000: 200_000 };

/** Of a replacement, roughly, in Perfloc and in C. */
const EXPECTED_NS: Readonly<Record<LiveCount, number>> = { 1_000: 20, 100_000: 80 };

/** A peer in JavaScript. On the other runtimes only those that show what an engine does by itself. */
interface Peer {
  readonly isOnEveryRuntime?: boolean;
  readonly label: string;
  readonly name: PeerName;
  /** Of a replacement, roughly. Undefined where the peer takes too long to be measured. */
  readonly expectedNs: Readonly<Record<LiveCount, number | undefined>>;
}

const PEERS: readonly Peer[] = [
  {
    label: "@thi.ng/malloc",
    name: "thing-malloc",
    expectedNs: { 1_000: 5000, 100_000: undefined },
  },
  {
    label: "AssemblyScript TLSF",
    name: "assemblyscript-tlsf",
    isOnEveryRuntime: true,
    expectedNs: { 1_000: 40, 100_000: 100 },
  },
  {
    label: "typedarray-pool",
    name: "typedarray-pool",
    expectedNs: { 1_000: 50, 100_000: 500 },
  },
  {
    label: "Buffer.allocUnsafe",
    name: "node-buffer",
    expectedNs: { 1_000: 100, 100_000: 200 },
  },
  {
    label: "@protobufjs/pool",
    name: "protobufjs-pool",
    expectedNs: { 1_000: 100, 100_000: 200 },
  },
  {
    label: "new Float64Array",
    name: "float64-array",
    expectedNs: { 1_000: 800, 100_000: 3000 },
  },
  {
    label: "plain objects",
    name: "plain-object",
    isOnEveryRuntime: true,
    expectedNs: { 1_000: 10, 100_000: 100 },
  },
];

/** Of a peer that is slow. */
const MIN_PASSES = 3;

const DYING: Readonly<Record<ReplaceOrder, string>> = {
  random: "any object dies",
  fifo: "the oldest object dies",
  lifo: "the newest objects die, 1 to all",
};

export function replaceRow(order: ReplaceOrder, liveCount: LiveCount): Row {
  return {
    name: `replace-${liveCount}-${order}`,
    summary: `${liveCount.toLocaleString("en-US")} objects of 8 to 256 bytes live, ${DYING[order]}, against mallocs and allocators in JavaScript; an operation is one free and one malloc`,
    question: "churn",
    isAlsoDetached: true,
    prepare(workshop) {
      const passLength = PASS_LENGTH[liveCount];
      const commands = binaryReplaceCommands(makeReplaceCommands(order, liveCount, passLength));
      const path = workshop.write(`replace-${liveCount}-${order}.bin`, commands);
      const args = [path, `${passCountFor(passLength, EXPECTED_NS[liveCount])}`];
      const peers = scriptPeers(workshop, path, liveCount);
      return {
        perfloc: { path: REPLACE, args },
        peers: [...mallocSides(workshop, "replace", args), ...peers],
      };
    },
  };
}

function scriptPeers(workshop: Workshop, path: string, liveCount: LiveCount): ScriptPeer[] {
  return PEERS.flatMap(({ label, name, expectedNs, isOnEveryRuntime = false }) => {
    const ns = expectedNs[liveCount];
    if (ns === undefined) return [];
    const passes = `${passCountFor(PASS_LENGTH[liveCount], ns, MIN_PASSES)}`;
    return [
      {
        label,
        path: PEER_REPLACE,
        args: [name, path, passes, workshop.assemblyScript("minimal")],
        isOnFirstRuntimeOnly: !isOnEveryRuntime,
      },
    ];
  });
}
