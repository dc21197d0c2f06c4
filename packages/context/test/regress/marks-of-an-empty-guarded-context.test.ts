/*
 * A reset of a context without objects forgot its marks, but not what its guards knew of them: the next rollback took objects for
 * younger than its mark that were older, and their canaries were no longer looked at. Found by a soak of 33 million operations.
 */
import { BufferOverrunError, Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { kinds, optionsOf } from "../support/fixtures.js";

test.each(kinds)("C38 C63 an object that is older than a mark stays guarded in a %s", (kind) => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("marked", optionsOf[kind]);
  context.checkpoint();
  context.reset();
  const address = context.alloc(40);
  const mark = context.checkpoint();
  context.rollback(mark);
  const chunk = heap.arena.chunkAt(address);
  const capacity = kind === "slab" ? 64 : 40;
  chunk.u8[address - chunk.base + capacity] = 1;
  expect(() => heap.verify()).toThrow(BufferOverrunError);
  chunk.u8[address - chunk.base + capacity] = 0xde;
  heap.verify();
});
