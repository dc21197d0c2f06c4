/*
 * A commit freed two objects that had become shorter under its mark, the second one pushed the first out of the quarantine, and its
 * record was recycled for the next object, whose canary was looked for behind the lengths of the first. (soak)
 */
import { BufferOverrunError, Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkSound, checkThrows, guardedLevels, poke } from "../support/fixtures.js";

/** The ledger of a heap with guards, which has more than its port. */
interface Ledger {
  newRecord(): { readonly address: number; readonly owner: unknown };
  emptyQuarantine(): boolean;
}

function ledgerOf(heap: Heap): Ledger {
  return heap.state.ledger as unknown as Ledger;
}

test.each(guardedLevels)("C63 a recycled record has no earlier lengths, level %s", (check) => {
  using heap = new Heap({ check, sampleEvery: 1, quarantineBytes: 400 });
  const context = heap.open("slots", { kind: "slab", slotBytes: 256 });
  const objects = [context.alloc(200), context.alloc(200)];
  const mark = context.checkpoint();
  for (const address of objects) {
    context.realloc(address, 10);
    context.free(address);
  }
  context.commit(mark);
  expect(heap.report().quarantinedObjects).toBe(1);
  const next = context.alloc(9);
  poke(heap, next + 9, 1);
  checkThrows(() => context.free(next), BufferOverrunError, "PERFLOC_CONTEXT_OVERRUN");
  checkSound(heap);
});

test("C70 a spare record does not keep the context that it was of", () => {
  using heap = new Heap({ check: "sample", sampleEvery: 1, quarantineBytes: 200 });
  const context = heap.open("earlier");
  for (let count = 0; count < 10; count++) context.free(context.alloc(40));
  context.free(context.alloc(180));
  const record = ledgerOf(heap).newRecord();
  expect(record.address).not.toBe(0);
  expect(record.owner).toBeUndefined();
});

test("C70 no more than 1,024 spare records are kept", () => {
  using heap = new Heap({ check: "sample", sampleEvery: 1, quarantineBytes: 1_000_000 });
  const context = heap.open("burst");
  const addresses = Array.from({ length: 1030 }, () => context.alloc(8));
  for (const address of addresses) context.free(address);
  const ledger = ledgerOf(heap);
  expect(ledger.emptyQuarantine()).toBe(true);
  const records = Array.from({ length: 1030 }, () => ledger.newRecord());
  expect(records.filter(({ address }) => address !== 0)).toHaveLength(1024);
});
