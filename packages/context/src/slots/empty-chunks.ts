/**
 * Process chunks that became wholly empty go back to the arena without a reset, so that phases of a program whose objects differ in
 * length do not add up: freed memory stays with its size class only as long as its chunk has a live object.
 *
 *   looked for when a context needs a further process chunk, and has twice the bytes that were left the last time
 *
 * So all looks together take no longer than the allocations since, and a context that shrinks and grows keeps its chunks. The keeper, the
 * current chunk and big objects are not looked at, nor is a context with checkpoints, whose lists a rollback restores.
 */
import type { Address } from "@perfloc/arena";
import { GRANULE_SHIFT } from "@perfloc/arena/internal";
import {
  HEADER_BYTES,
  chunkAround,
  chunksOf,
  highWaterOf,
  isDedicated,
} from "../chunks/chunk-header.js";
import { removeChunk } from "../chunks/chunk-chain.js";
import { RECORD_SHIFT, SWEPT_BYTES } from "../tables/context-record.js";
import { filterLists, walkLists } from "./free-lists.js";
import type { SlottedContext } from "./slot-walk.js";

/** A context with less is not looked at: what it could give back is not worth the look. */
export const LEAST_SWEPT_BYTES: number = 64 * 1024;

/** Gives empty process chunks back if it is time to look for them. */
export function releaseEmptyChunks(context: SlottedContext): void {
  const { records } = context.table;
  const at = (context.id << RECORD_SHIFT) | SWEPT_BYTES;
  if (context.usedBytes < Math.max(2 * records[at]!, LEAST_SWEPT_BYTES)) return;
  releaseEmptyChunksNow(context);
  records[at] = context.usedBytes;
}

/** The same whether or not it is time. @returns how many bytes the arena got back */
export function releaseEmptyChunksNow(context: SlottedContext): number {
  if (context.marks.length > 0) return 0;
  const empty = emptyChunks(context);
  if (empty.size === 0) return 0;
  const usedBefore = context.usedBytes;
  filterLists(context, (granule) => !empty.has(chunkOf(context, granule)));
  for (const base of empty) removeChunk(context, base);
  return usedBefore - context.usedBytes;
}

/** The chunks of which every slot is freed. O(freed slots + chunks). */
function emptyChunks(context: SlottedContext): Set<Address> {
  const freedBytes = new Map<Address, number>();
  walkLists(context, (granule, sizeClass) => {
    const base = chunkOf(context, granule);
    freedBytes.set(base, (freedBytes.get(base) ?? 0) + context.classBytes(sizeClass));
  });
  const empty = new Set<Address>();
  for (const base of chunksOf(context)) {
    if (base === context.keeper || base === context.currentChunk) continue;
    if (isDedicated(context.planes, base)) continue;
    const cutBytes = highWaterOf(context, base) - base - HEADER_BYTES;
    if (cutBytes > 0 && freedBytes.get(base) === cutBytes) empty.add(base);
  }
  return empty;
}

function chunkOf(context: SlottedContext, granule: number): Address {
  return chunkAround(context.planes, (granule << GRANULE_SHIFT) >>> 0);
}
