/** Cells with the bit of guarded objects. Where there is no record of one, the cell was overwritten, and no call goes on with it. */
import { Arena } from "@perfloc/arena";
import { type CheckLevel, CorruptionError, Heap } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  cellAt,
  checkThrows,
  damageCell,
  freeingKinds,
  optionsOf,
  SLOT_BYTES,
} from "../support/fixtures.js";

const GUARDED = 0x4000_0000;
const levels: readonly CheckLevel[] = ["off", "check", "sample", "debug"];

describe.each(levels)("check level %s", (check) => {
  test.each(freeingKinds)("C57 a record that is not there, in a %s", (kind) => {
    const heap = new Heap({ check, ...(check === "sample" && { sampleEvery: 2 ** 24 }) });
    const context = heap.open("victim", optionsOf[kind]);
    const address = context.alloc(SLOT_BYTES);
    const stray = address + 16;
    damageCell(heap, stray, cellAt(heap, address) | GUARDED);
    const refused = (call: () => unknown): void => {
      const error = checkThrows(call, CorruptionError, "PERFLOC_CONTEXT_CORRUPT");
      expect(error.message).toContain("the cell of an object was lost");
      expect(error.address).toBe(stray);
    };
    refused(() => context.free(stray));
    refused(() => context.realloc(stray, 16));
    expect(() => heap.verify()).toThrow(CorruptionError);
  });

  test.each(freeingKinds)(
    "C57 a plain object whose cell says that it is guarded, in a %s",
    (kind) => {
      const heap = new Heap({ check, ...(check === "sample" && { sampleEvery: 2 ** 24 }) });
      const context = heap.open("victim", optionsOf[kind]);
      const address = context.alloc(SLOT_BYTES);
      damageCell(heap, address, cellAt(heap, address) ^ GUARDED);
      const error = checkThrows(() => heap.verify(), CorruptionError, "PERFLOC_CONTEXT_CORRUPT");
      expect(error.address).toBe(address);
    },
  );
});

test("C4 an allocation after the arena is gone does on debug what it does on check", () => {
  const outcomes = (["check", "debug"] as const).map((check) => {
    const arena = new Arena();
    const context = new Heap({ arena, check }).open("orphan");
    context.alloc(16);
    arena.dispose();
    try {
      return typeof context.alloc(16);
    } catch (error) {
      return error instanceof Error ? error.name : "";
    }
  });
  expect(outcomes[0]).toBe(outcomes[1]);
});
