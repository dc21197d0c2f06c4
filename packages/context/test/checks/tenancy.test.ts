/** Whether what lay at an address lies there still: what typed views ask on the level `debug`. */
import { Heap, UseAfterDropError, UseAfterFreeError } from "@perfloc/context";
import { expect, it } from "vitest";
import { checkThrows, kinds, optionsOf } from "../support/fixtures.js";

const GONE = "PERFLOC_CONTEXT_OBJECT_GONE";

/** As the layer above asks. */
function tenancyAt(heap: Heap, address: number) {
  return heap.state.tenancyAt(address);
}

it.each(kinds)(
  "C62 an object of a %s, and what is within it, is there until its context ends",
  (kind) => {
    for (const end of ["reset", "drop"] as const) {
      using heap = new Heap({ check: "debug" });
      const context = heap.open("a", optionsOf[kind]);
      const address = context.alloc(40);
      const tenancies = [tenancyAt(heap, address), tenancyAt(heap, address + 16)];
      for (const tenancy of tenancies) tenancy?.check("a view");
      context[end]();
      for (const tenancy of tenancies) {
        const error = checkThrows(() => tenancy?.check("a view"), UseAfterDropError, GONE);
        expect(error.message).toMatch(/^cannot use a view at address .* of context "a"$/);
      }
    }
  },
);

it.each(kinds)(
  "C37 it goes with a rollback, in the chunk that stays and in those that go (%s)",
  (kind) => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("a", optionsOf[kind]);
    const before = context.alloc(40);
    const kept = [tenancyAt(heap, before), tenancyAt(heap, before + 8)];
    const mark = context.checkpoint();
    const addresses = Array.from({ length: 100 }, () => context.alloc(60));
    const gone = addresses.flatMap((address) => [
      tenancyAt(heap, address),
      tenancyAt(heap, address + 8),
    ]);
    context.rollback(mark);
    for (const tenancy of kept) tenancy?.check("a view");
    for (const tenancy of gone)
      checkThrows(() => tenancy?.check("a view"), UseAfterDropError, GONE);
  },
);

it("C75 an object that was freed is told apart from one that went with its context", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  const address = context.alloc(40);
  const tenancy = tenancyAt(heap, address);
  context.free(address);
  const code = "PERFLOC_CONTEXT_USE_AFTER_FREE";
  const error = checkThrows(() => tenancy?.check("a view"), UseAfterFreeError, code);
  expect(error).toMatchObject({ address, byteLength: 40, offset: -1 });
});

it("C80 nobody has what no context has memory at, parked process chunks included", () => {
  using heap = new Heap({ check: "debug" });
  expect(tenancyAt(heap, 0)).toBeUndefined();
  const context = heap.open("a");
  const address = context.alloc(40);
  context.drop();
  expect(tenancyAt(heap, address)).toBeUndefined();
});

it("C62 C65 it is told who freed an object long ago, when its memory and its place in the quarantine serve others", () => {
  using heap = new Heap({ check: "debug", quarantineBytes: 200 });
  const context = heap.open("a");
  const address = context.alloc(92);
  const tenancy = tenancyAt(heap, address);
  context.free(address);
  for (let count = 0; count < 5; count++) context.free(context.alloc(92));
  const live = [context.alloc(92), context.alloc(92), context.alloc(92)];
  expect(live).toContain(address);
  const code = "PERFLOC_CONTEXT_USE_AFTER_FREE";
  const error = checkThrows(() => tenancy?.check("a view"), UseAfterFreeError, code);
  expect(error.address).toBe(address);
  expect(error.freedAt.length).toBeGreaterThan(0);
});

it("C62 C65 the same of an object that is too long for the quarantine", () => {
  using heap = new Heap({ check: "debug", quarantineBytes: 0 });
  const context = heap.open("a");
  const address = context.alloc(92);
  const tenancy = tenancyAt(heap, address);
  context.free(address);
  const code = "PERFLOC_CONTEXT_USE_AFTER_FREE";
  const error = checkThrows(() => tenancy?.check("a view"), UseAfterFreeError, code);
  expect(error.freedAt.length).toBeGreaterThan(0);
});
