/*
 * Perfloc for C (g): objects were packed without alignment (13 mod 16 was seen).
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { kinds, optionsOf } from "../support/fixtures.js";

test.each(kinds)(
  "C5 objects of odd lengths in a %s are 8-aligned, so that every typed array can show them",
  (kind) => {
    using heap = new Heap();
    const context = heap.open("odd", optionsOf[kind]);
    for (let byteLength = 0; byteLength <= 64; byteLength++) {
      const address = context.alloc(byteLength);
      const chunk = heap.arena.chunkAt(address);
      expect((address - chunk.base) % 8).toBe(0);
      expect(context.bytes(address, byteLength).byteOffset % 8).toBe(0);
    }
  },
);
