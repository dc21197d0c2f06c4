import { Heap, type MemoryContext } from "@perfloc/context";
import { expect, test } from "vitest";

/** Grows a buffer from 16 bytes to 64 KiB, and frees it. */
function growOne(context: MemoryContext, next: (byteLength: number) => number): void {
  let byteLength = 16;
  let address = context.alloc(byteLength);
  while (byteLength < 65_536) {
    byteLength = next(byteLength);
    address = context.realloc(address, byteLength);
  }
  context.free(address);
}

test.each([
  ["steps of 64 bytes", (byteLength: number) => byteLength + 64],
  ["half as much again", (byteLength: number) => Math.ceil(byteLength * 1.5)],
])("C14 C20 buffers that grow one after the other by %s use the same memory", (_, next) => {
  using heap = new Heap();
  const context = heap.open("buffers");
  for (let round = 0; round < 100; round++) growOne(context, next);
  const { usedBytes } = heap.arena.stats();
  for (let round = 0; round < 1000; round++) growOne(context, next);
  expect(heap.arena.stats().usedBytes).toBe(usedBytes);
  expect(usedBytes).toBeLessThan(2 * 1024 * 1024);
  heap.verify();
});
