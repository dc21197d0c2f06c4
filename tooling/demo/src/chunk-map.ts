/** Reads the map of the top chunks: which pages belong to which process chunk of which context. */
import { type Arena, MemoryContext, PAGE_BYTES, type TopChunk } from "@perfloc/context";
import type { ChunkMap, PageRun, TopChunkRow } from "./report-data.js";

/** The held chunks, in the order of their addresses. O(pages held). */
export function readChunkMap(arena: Arena): ChunkMap {
  const held = arena.chunks.filter((chunk) => chunk.isHeld).toSorted((a, b) => a.base - b.base);
  return { pageBytes: PAGE_BYTES, chunks: held.map((chunk) => readRow(arena, chunk)) };
}

function readRow(arena: Arena, chunk: TopChunk): TopChunkRow {
  const pageCount = chunk.byteLength / PAGE_BYTES;
  const runs: PageRun[] = [];
  for (let page = 0; page < pageCount;) {
    const address = chunk.base + page * PAGE_BYTES;
    const owner = MemoryContext.at(arena, address);
    const length = owner === undefined ? 1 : arena.spanBytes(address) / PAGE_BYTES;
    if (owner !== undefined) {
      runs.push({ firstPage: page, pageCount: length, context: owner.name });
    }
    page += length;
  }
  return { index: chunk.index, pageCount, usedBytes: chunk.usedBytes, runs };
}
