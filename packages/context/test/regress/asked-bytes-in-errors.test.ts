/* On `debug` the errors of memory that ran out told of eight bytes more than the program had asked for: the canary. */
import { Heap, LimitExceededError, OutOfMemoryError } from "@perfloc/context";
import { expect, test } from "vitest";
import { kinds, thrownBy } from "../support/fixtures.js";

test.each(kinds)("C63 errors tell what was asked for, in a %s", (kind) => {
  using heap = new Heap({ check: "debug", maxBytes: 2 ** 20, initialChunkBytes: 2 ** 20 });
  const asked = kind === "slab" ? 8000 : 10_000;
  const context = heap.open("limited", kind === "slab" ? { kind, slotBytes: 8192 } : { kind });
  context.setLimit(8192);
  const limited = thrownBy(() => context.alloc(asked)) as LimitExceededError;
  expect(limited).toBeInstanceOf(LimitExceededError);
  expect([limited.requestedBytes, limited.message]).toEqual([
    asked,
    expect.stringContaining(`could not allocate ${asked} bytes`),
  ]);
  context.setLimit(Infinity);
  const out = thrownBy(() => {
    for (;;) context.alloc(asked);
  }) as OutOfMemoryError;
  expect(out).toBeInstanceOf(OutOfMemoryError);
  expect(out.requestedBytes).toBe(asked);
  heap.verify();
});
