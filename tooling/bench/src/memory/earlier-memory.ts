/** The memory of an earlier Perfloc, as `pnpm bench --memory --json` recorded it. */
import { readFileSync } from "node:fs";
import type { MemoryResult } from "./measure-memory.js";

const FILE = new URL("../../results/before-planes.json", import.meta.url);

export interface EarlierMemory {
  /** That was measured. */
  readonly commit: string;
  readonly memory: readonly MemoryResult[];
}

/** Of the last version that kept marks beside the bytes, in place of planes. */
export function readMemoryBeforePlanes(): EarlierMemory {
  const { commit, memory } = JSON.parse(readFileSync(FILE, "utf8")) as EarlierMemory;
  return { commit, memory };
}
