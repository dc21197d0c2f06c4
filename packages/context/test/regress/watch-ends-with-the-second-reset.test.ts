/*
 * A second reset ended the watch over what the first had left, and the look before an allocation fell short of larger size classes.
 */
import { CorruptionError, Heap, InvalidAlignmentError } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkThrows, kinds, optionsOf, poke } from "../support/fixtures.js";

const CODE = "PERFLOC_CONTEXT_WRITE_AFTER_RESET";

test.each(kinds)(
  "C68 the memory that a reset left is watched over further resets of a %s",
  (kind) => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("a", optionsOf[kind]);
    context.alloc(64);
    context.alloc(64);
    const last = context.alloc(64);
    context.reset();
    context.alloc(64);
    context.reset();
    context.reset();
    heap.verify();
    poke(heap, last, 1);
    checkThrows(() => heap.verify(), CorruptionError, CODE);
    checkThrows(() => context.reset(), CorruptionError, CODE);
    heap.verify();
    context.reset();
    poke(heap, last, 1);
    checkThrows(() => context.drop(), CorruptionError, CODE);
  },
);

test.each([
  { byteLength: 17_000, alignment: 8, offset: 20_000 },
  { byteLength: 8, alignment: 4096, offset: 3000 },
])("C68 an allocation looks at all that it takes: %o", ({ byteLength, alignment, offset }) => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a", { initialBytes: 65_536 });
  const address = context.alloc(30_000);
  context.reset();
  poke(heap, address + offset, 1);
  checkThrows(() => context.alloc(byteLength, alignment), CorruptionError, CODE);
  expect(context.alloc(byteLength, alignment) % alignment).toBe(0);
  heap.verify();
});

test.each(kinds)(
  "C56 C68 an alignment that is no number is refused after a reset of a %s",
  (kind) => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("a", optionsOf[kind]);
    context.alloc(64);
    context.reset();
    const alignment = 8n as unknown as number;
    expect(() => context.alloc(64, alignment)).toThrow(InvalidAlignmentError);
  },
);
