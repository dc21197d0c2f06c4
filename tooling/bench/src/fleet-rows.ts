/** Rows that replace objects as services of Google do. */
import { fileURLToPath } from "node:url";
import { binaryTrace, RECORD_LENGTH } from "@perfloc-tooling/traces";
import { type FleetDistribution, readFleetDistribution } from "./fleet-distributions.js";
import { makeFleetTrace } from "./fleet-trace.js";
import { mallocSides } from "./malloc-sides.js";
import { passCountFor } from "./pass-count.js";
import type { Row } from "./row.js";
import { loopSides, memorySides } from "./trace-rows.js";

const REPLAY = fileURLToPath(new URL("./perfloc/steady-replay-process.js", import.meta.url));

const LIVE_BYTES = 64 * 1024 * 1024;

/** Of an operation, roughly. */
const EXPECTED_NS = 50;

export function fleetRow({ name, path }: FleetDistribution): Row {
  return {
    name,
    summary: `sizes and lifetimes of a service of Google at 64 MiB live, in one allocset context, against mallocs; an operation is one malloc or free`,
    question: "traces",
    prepare(workshop) {
      const { trace, timedFrom } = makeFleetTrace(name, readFleetDistribution(path), LIVE_BYTES);
      const binaryPath = workshop.write(`${name}.bin`, binaryTrace(trace));
      const timedCount = trace.ops.length / RECORD_LENGTH - timedFrom;
      const args = [binaryPath, `${passCountFor(timedCount, EXPECTED_NS)}`, `${timedFrom}`];
      return {
        perfloc: { path: REPLAY, args },
        peers: mallocSides(workshop, "malloc-replay", args),
        loop: loopSides(workshop, "malloc-replay", args, args),
        memory: memorySides(workshop, "malloc-replay", binaryPath, [`${timedFrom}`], binaryPath),
      };
    },
  };
}
