/** Whether the object that was at an address is still there: what typed views ask on the level `debug`. */
import { Heap, UseAfterDropError, UseAfterFreeError } from "@perfloc/context";
import { expect, it } from "vitest";
import { checkThrows, kinds, optionsOf } from "../support/fixtures.js";

const GONE = "PERFLOC_CONTEXT_OBJECT_GONE";

/** As the layer above asks. */
function identityAt(heap: Heap, address: number) {
  return heap.state.identityAt(address);
}

it.each(kinds)(
  "C62 an object of a %s, and what is within it, is there until its context ends",
  (kind) => {
    for (const end of ["reset", "drop"] as const) {
      using heap = new Heap({ check: "debug" });
      const context = heap.open("a", optionsOf[kind]);
      const address = context.alloc(40);
      const identities = [identityAt(heap, address), identityAt(heap, address + 16)];
      for (const identity of identities) identity?.check("a view");
      context[end]();
      for (const identity of identities) {
        const error = checkThrows(() => identity?.check("a view"), UseAfterDropError, GONE);
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
    const kept = [identityAt(heap, before), identityAt(heap, before + 8)];
    const mark = context.checkpoint();
    const addresses = Array.from({ length: 100 }, () => context.alloc(60));
    const gone = addresses.flatMap((address) => [
      identityAt(heap, address),
      identityAt(heap, address + 8),
    ]);
    context.rollback(mark);
    for (const identity of kept) identity?.check("a view");
    for (const identity of gone)
      checkThrows(() => identity?.check("a view"), UseAfterDropError, GONE);
  },
);

it("C75 an object that was freed is told apart from one that went with its context", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  const address = context.alloc(40);
  const identity = identityAt(heap, address);
  context.free(address);
  const code = "PERFLOC_CONTEXT_USE_AFTER_FREE";
  const error = checkThrows(() => identity?.check("a view"), UseAfterFreeError, code);
  expect(error).toMatchObject({ address, byteLength: 40, offset: -1 });
});

it("C80 where no context has memory there is no object, parked process chunks included", () => {
  using heap = new Heap({ check: "debug" });
  expect(identityAt(heap, 0)).toBeUndefined();
  const context = heap.open("a");
  const address = context.alloc(40);
  context.drop();
  expect(identityAt(heap, address)).toBeUndefined();
});

it("C62 C65 the place that freed an object long ago is known, when others have its memory and its place in the quarantine", () => {
  using heap = new Heap({ check: "debug", quarantineBytes: 200 });
  const context = heap.open("a");
  const address = context.alloc(92);
  const identity = identityAt(heap, address);
  context.free(address);
  for (let count = 0; count < 5; count++) context.free(context.alloc(92));
  const live = [context.alloc(92), context.alloc(92), context.alloc(92)];
  expect(live).toContain(address);
  const code = "PERFLOC_CONTEXT_USE_AFTER_FREE";
  const error = checkThrows(() => identity?.check("a view"), UseAfterFreeError, code);
  expect(error.address).toBe(address);
  expect(error.freedAt.length).toBeGreaterThan(0);
});

it("C62 C65 the same of an object that is too long for the quarantine", () => {
  using heap = new Heap({ check: "debug", quarantineBytes: 0 });
  const context = heap.open("a");
  const address = context.alloc(92);
  const identity = identityAt(heap, address);
  context.free(address);
  const code = "PERFLOC_CONTEXT_USE_AFTER_FREE";
  const error = checkThrows(() => identity?.check("a view"), UseAfterFreeError, code);
  expect(error.freedAt.length).toBeGreaterThan(0);
});
