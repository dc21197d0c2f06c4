/** Measures the memory of one row's work: Perfloc's, and glibc's beside it. */
import { type Contest, RowError } from "../row.js";
import type { Runtime } from "../runtime.js";
import { outputOfSide, runSide } from "../side-process.js";
import { parsePeakMemory, type PeakMemory } from "./peak-memory.js";

export interface MemoryResult {
  /** The row's name. */
  readonly name: string;
  readonly perfloc: PeakMemory;
  /** Undefined without a C compiler. */
  readonly glibc?: GlibcMemory | undefined;
}

interface GlibcMemory {
  /** The most that malloc held; undefined where it does not tell. */
  readonly heldBytes?: number | undefined;
  /** Resident at most, beyond what the same program has resident without an object; on Linux only. */
  readonly residentBytes?: number | undefined;
}

/** @throws RowError when a process fails, or prints no figures */
export async function measureMemory(
  name: string,
  { perfloc, glibc }: NonNullable<Contest["memory"]>,
  { label, path }: Runtime,
): Promise<MemoryResult> {
  const args = ["--expose-gc", perfloc.path, ...perfloc.args];
  const peak = parsePeakMemory(await outputOfSide({ label, command: path, args }));
  if (peak === undefined) throw new RowError(`${label} printed no memory`);
  if (glibc === undefined) return { name, perfloc: peak };
  const { heldBytes, peakRssBytes } = await runSide(glibc.replay);
  const { peakRssBytes: ownBytes } = await runSide(glibc.withoutObjects);
  const residentBytes =
    peakRssBytes === undefined || ownBytes === undefined ? undefined : peakRssBytes - ownBytes;
  return { name, perfloc: peak, glibc: { heldBytes, residentBytes } };
}
