/*
 * Perfloc for C (h): 10 % of every chunk was set aside for metadata, and not counted when a chunk's room was tested.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, checkSound } from "../support/fixtures.js";

test("C51 a process chunk has 16 bytes of header, and all the rest serves objects", () => {
  using heap = new Heap();
  const context = heap.open("full", { kind: "bump" });
  allocMany(context, (4096 - 16) / 16, 16);
  const { usedBytes, headerBytes, liveBytes, freeBytes, processChunks } = context.stats();
  expect({ usedBytes, headerBytes, liveBytes, freeBytes, processChunks }).toEqual({
    usedBytes: 4096,
    headerBytes: 16,
    liveBytes: 4080,
    freeBytes: 0,
    processChunks: 1,
  });
  context.alloc(8);
  expect(context.stats().processChunks).toBe(2);
  checkSound(heap);
});
