/*
 * Perfloc for C (k): no memory ever went back to the system before the program ended.
 */
import { FailingSource } from "@perfloc-tooling/testkit";
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkEmpty } from "../support/fixtures.js";

test("C32 after a drop every top chunk is empty and can be given back", () => {
  const source = new FailingSource();
  using heap = new Heap({ source });
  const context = heap.open("peak");
  for (let count = 0; count < 200; count++) context.alloc(100_000);
  context.drop();
  checkEmpty(heap);
  for (const chunk of heap.arena.chunks) heap.arena.releaseChunk(chunk.index);
  expect(heap.arena.stats().heldBytes).toBe(0);
  expect(source.live.size).toBe(0);
  expect(heap.open("after").alloc(8)).toBeGreaterThan(0);
});
