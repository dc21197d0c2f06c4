/*
 * Zig's ArenaAllocator and std::pmr: `free` of an object that is not the last one returns, and the bytes leak silently.
 */
import { Heap, WrongKindError } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkRefused } from "../support/fixtures.js";

test("C16 a bump context says that it cannot free, for the last object as for any other", () => {
  using heap = new Heap();
  const context = heap.open("bump", { kind: "bump" });
  const addresses = [context.alloc(8), context.alloc(8)];
  for (const address of addresses) {
    const error = checkRefused(
      heap,
      () => {
        context.free(address);
      },
      WrongKindError,
      "PERFLOC_CONTEXT_WRONG_KIND",
    );
    expect(error.hint).toContain("Reset or drop");
  }
});
