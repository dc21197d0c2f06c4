/*
 * Perfloc: `(byteLength + 7) & ~7` in the bump's hot path wrapped for 2^31-7 to 2^31-1 bytes. The call succeeded, the cursor went to
 * -2^31, and the next object had a negative address. It worked in dropped contexts too.
 */
import { Heap, InvalidSizeError, UseAfterDropError } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkRefused } from "../support/fixtures.js";

test("C12 a bump refuses every length just below 2^31", () => {
  using heap = new Heap();
  const context = heap.open("bump", { kind: "bump" });
  const first = context.alloc(8);
  for (let short = 1; short <= 16; short++) {
    checkRefused(
      heap,
      () => context.alloc(2 ** 31 - short),
      InvalidSizeError,
      "PERFLOC_CONTEXT_INVALID_SIZE",
    );
  }
  expect(context.alloc(8)).toBe(first + 16);
});

test("C33 a dropped bump hands out nothing, whatever the length", () => {
  using heap = new Heap();
  const context = heap.open("bump", { kind: "bump" });
  context.drop();
  checkRefused(heap, () => context.alloc(8), UseAfterDropError, "PERFLOC_CONTEXT_DROPPED");
  for (let short = 1; short <= 16; short++) {
    expect(() => context.alloc(2 ** 31 - short)).toThrow(
      /is 21474836\d\d, not a whole number|was dropped/,
    );
  }
});
