import { Heap, PAGE_BYTES } from "@perfloc/context";
import { expect, test } from "vitest";
import { readChunkMap } from "../src/chunk-map.js";

test("the blocks of a map are the used bytes of its chunks, each under its context's name", () => {
  const heap = new Heap();
  const names = ["plain", 'with "quotes"', "two\nlines"];
  for (const name of names) {
    const context = heap.open(name);
    for (let object = 0; object < 100; object++) context.alloc(1000);
  }
  heap.open("big").alloc(300_000);
  const map = readChunkMap(heap.arena);
  expect(map.chunks.length).toBe(heap.arena.stats().heldChunks);
  for (const { runs, usedBytes, pageCount } of map.chunks) {
    const usedPages = runs.reduce((sum, run) => sum + run.pageCount, 0);
    expect(usedPages * PAGE_BYTES).toBe(usedBytes);
    let freeFrom = 0;
    for (const { firstPage, pageCount: length } of runs) {
      expect(firstPage).toBeGreaterThanOrEqual(freeFrom);
      freeFrom = firstPage + length;
    }
    expect(freeFrom).toBeLessThanOrEqual(pageCount);
  }
  const found = map.chunks.flatMap(({ runs }) => runs.map((run) => run.context));
  expect(new Set(found)).toEqual(new Set([...names, "big"]));
});
