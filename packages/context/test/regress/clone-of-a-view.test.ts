/*
 * Perfloc: ten bytes of an object that were posted to a worker took the whole top chunk with them, up to 33 MiB: engines clone the buffer
 * behind a view. `copyBytes` returns bytes of their own.
 */
import { Heap, InvalidAddressError, InvalidSizeError } from "@perfloc/context";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkRefused, fill, kinds, optionsOf } from "../support/fixtures.js";

describe.each(kinds)("in a %s", (kind) => {
  test.each([0, 1, 10, 64])("C83 a clone of a copy of %i bytes has as many", (byteLength) => {
    using heap = new Heap();
    const context = heap.open("posting", optionsOf[kind]);
    const address = context.alloc(64);
    fill(context, address, 64, 1);
    const copy = context.copyBytes(address, byteLength);
    expect(copy).toEqual(context.bytes(address, byteLength));
    expect(copy.buffer.byteLength).toBe(byteLength);
    const clone = structuredClone(copy);
    expect(clone).toEqual(copy);
    expect(clone.buffer.byteLength).toBe(byteLength);
  });

  test("C83 a copy may be transferred and written to: the object stays as it is", () => {
    using heap = new Heap();
    const context = heap.open("posting", optionsOf[kind]);
    const address = context.alloc(64);
    fill(context, address, 64, 1);
    const before = [...context.bytes(address, 64)];
    const copy = context.copyBytes(address, 64);
    copy.fill(0);
    structuredClone(copy, { transfer: [copy.buffer] });
    expect(copy).toHaveLength(0);
    expect([...context.bytes(address, 64)]).toEqual(before);
    context.bytes(address, 64).fill(9);
    heap.verify();
  });

  test("C83 what `bytes` refuses is refused", () => {
    using heap = new Heap();
    const context = heap.open("posting", optionsOf[kind]);
    const address = context.alloc(64);
    const invalid = "PERFLOC_CONTEXT_INVALID_ADDRESS";
    for (const wrong of [0, address - 16, address + 4096, 2 ** 32, Number.NaN])
      checkRefused(heap, () => context.copyBytes(wrong, 8), InvalidAddressError, invalid);
    checkRefused(heap, () => context.copyBytes(address, 65), InvalidAddressError, invalid);
    const size = "PERFLOC_CONTEXT_INVALID_SIZE";
    for (const wrong of [-1, 1.5, 2 ** 31])
      checkRefused(heap, () => context.copyBytes(address, wrong), InvalidSizeError, size);
  });
});

test("C83 the README says what to post", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  for (const word of ["postMessage", "structuredClone", "copyBytes"])
    expect(readme).toContain(word);
});
