/** What services of Google allocate: the distributions of fleetbench, where they lie beside the checkout. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Data under another licence, which is not committed; `src` and `dist` lie at the same depth below it. */
const FOLDER = fileURLToPath(new URL("../../../../shared/traces/fleet/", import.meta.url));

/** The objects of one size in a service. */
export interface FleetSize {
  readonly bytes: number;
  /** Per second. */
  readonly allocations: number;
  /** At any time, on average. Hence an object lives for liveObjects / allocations seconds. */
  readonly liveObjects: number;
}

export interface FleetDistribution {
  /** `fleet-0` */
  readonly name: string;
  readonly path: string;
}

/** In order of their numbers; empty where there are none. */
export function findFleetDistributions(): readonly FleetDistribution[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER).flatMap((file) => {
    const number = /^TCMALLOC_(\d+)\.csv$/u.exec(file)?.[1];
    return number === undefined ? [] : [{ name: `fleet-${number}`, path: join(FOLDER, file) }];
  });
}

/** One size per line: bytes, allocation rate, live count. */
export function readFleetDistribution(path: string): FleetSize[] {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line) => {
    const [bytes = 0, allocations = 0, liveObjects = 0] = line.split(",").map(Number);
    return { bytes, allocations, liveObjects };
  });
}
