/** The options that a program opens its contexts with. */
import type { ContextKind, ContextOptions } from "@perfloc/context";
import type { Operation } from "./operation.js";

const KINDS: readonly ContextKind[] = ["allocset", "allocset", "bump", "slab"];
const SLOT_LENGTHS: readonly number[] = [1, 8, 16, 24, 40, 64, 200, 256, 1000, 4096, 32_768];
const CHUNK_LENGTHS: readonly number[] = [1, 4096, 5000, 8192, 12_288, 65_536, 1_048_576];

export function openOptions(
  { choice, target, byteLength }: Operation,
  longestChunkBytes: number,
): ContextOptions {
  const kind = KINDS[choice % KINDS.length]!;
  const lengths = CHUNK_LENGTHS.filter((length) => length <= longestChunkBytes);
  const initialBytes = lengths[target % lengths.length]!;
  const maxChunkBytes = Math.max(initialBytes, lengths[(target >>> 3) % lengths.length]!);
  return {
    kind,
    ...(choice % 3 > 0 && { initialBytes, maxChunkBytes }),
    ...(kind === "slab" && { slotBytes: SLOT_LENGTHS[byteLength % SLOT_LENGTHS.length]! }),
  };
}
