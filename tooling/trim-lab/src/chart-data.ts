/** What the charts of the page are drawn from, as it stands in the page: short lists of numbers. */
import type { Front } from "./fronts.js";
import type { Report } from "./report.js";
import { type Score, bytesAtTicks } from "./score.js";
import { type Standing, standingsOf } from "./standing.js";
import type { Contest, Entry, Tournament } from "./tournament.js";

/** Most points of a line; what is between two of them counts with its highest value. */
const MAX_POINTS = 400;

const KIB = 1024;

/** Steps: at `ms[i]` it becomes `kib[i]`. */
export interface StepLine {
  readonly ms: readonly number[];
  readonly kib: readonly number[];
}

export interface EntryData {
  readonly policy: string;
  readonly ratio: number;
  readonly idleByteMs: number;
  readonly releaseByteMs: number;
  readonly optimalByteMs: number;
  readonly held: StepLine;
  /** What an adversary made of this policy; of ordinary traffic it is the same for all. */
  readonly needed: StepLine | undefined;
}

export interface ContestData {
  readonly name: string;
  readonly durationMs: number;
  /** What the first policy met. */
  readonly needed: StepLine;
  readonly entries: readonly EntryData[];
}

type StandingData = Pick<Standing, "policy" | "idleByteMs" | "recommittedBytes">;

export interface ScaleData {
  readonly name: string;
  readonly contests: readonly ContestData[];
  readonly standings: readonly StandingData[];
  readonly fronts: readonly Front[];
}

export function chartDataOf({ tournaments, fronts }: Report): readonly ScaleData[] {
  return tournaments.map((tournament, at) => scaleData(tournament, fronts[at] ?? []));
}

function scaleData(tournament: Tournament, fronts: readonly Front[]): ScaleData {
  return {
    name: tournament.scale.name,
    contests: tournament.contests.map(contestData),
    standings: standingsOf(tournament).map(({ policy, idleByteMs, recommittedBytes }) => ({
      policy,
      idleByteMs,
      recommittedBytes,
    })),
    fronts,
  };
}

function contestData({ shape, entries }: Contest): ContestData {
  return {
    name: shape.name,
    durationMs: shape.durationMs,
    needed: neededLine(entries[0]!),
    entries: entries.map((entry) => ({
      policy: entry.policy,
      ...costs(entry.score),
      held: stepLine(bytesAtTicks(entry.run, entry.run.held), entry.run.needs.tickMs),
      needed: shape.kind === "ordinary" ? undefined : neededLine(entry),
    })),
  };
}

function neededLine({ run }: Entry): StepLine {
  return stepLine(bytesAtTicks(run, run.needs.needed), run.needs.tickMs);
}

function costs({ ratio, idleByteMs, costByteMs, optimalByteMs }: Score) {
  return { ratio, idleByteMs, releaseByteMs: costByteMs - idleByteMs, optimalByteMs };
}

function stepLine(bytes: Float64Array, tickMs: number): StepLine {
  const ms: number[] = [];
  const kib: number[] = [];
  const changes = bytes.reduce((count, value, at) => count + (value === bytes[at - 1] ? 0 : 1), 0);
  const stride = changes <= MAX_POINTS ? 1 : Math.ceil(bytes.length / MAX_POINTS);
  for (let from = 0; from < bytes.length; from += stride) {
    const value = Math.round(Math.max(...bytes.subarray(from, from + stride)) / KIB);
    if (value === kib.at(-1)) continue;
    ms.push(from * tickMs);
    kib.push(value);
  }
  return { ms, kib };
}
