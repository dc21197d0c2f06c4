/*
 * On `debug` an overrun or a use after free knew where its object was made and freed, and printed neither: a log of the message did not
 * say where to look.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { poke, thrownBy } from "../support/fixtures.js";

const HERE = "places-in-messages.test";

function messageOf(call: () => unknown): string {
  const error = thrownBy(call);
  return error instanceof Error ? error.message : "";
}

test("C63 C65 messages have the place of an object", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  const address = context.alloc(13);
  poke(heap, address + 13, 0);
  const overrun = messageOf(() => context.free(address));
  expect(overrun).toMatch(/^the object of 13 bytes at .* in context "a", allocated at /);
  expect(overrun).toContain(HERE);
  expect(overrun).toContain(", was overrun: byte 13 was overwritten with 0x0");
  context.free(address);
  const used = messageOf(() => context.bytes(address, 1));
  expect(used).toContain("freed at");
  expect(String(heap.report())).toContain(HERE);
});

test("C57 a header that was overwritten on debug asks for the objects behind it first", () => {
  const heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  poke(heap, context.alloc(16) - 1, 9);
  const error = thrownBy(() => heap.verify());
  expect(String((error as { hint?: string }).hint)).toContain(
    "before the beginning of the objects",
  );
});
