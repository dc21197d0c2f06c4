/*
 * A slab object that got shorter under a mark had a canary put on bytes that the rollback had to bring back.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";

function bytesOf(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

test.each([
  { marks: 1, end: "rollback" },
  { marks: 2, end: "rollback" },
  { marks: 2, end: "commit and rollback" },
  { marks: 1, end: "commit" },
] as const)(
  "C22 C38 C67 an object that shrinks under $marks marks, then $end",
  ({ marks, end }) => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("a", { kind: "slab", slotBytes: 32 });
    const address = context.alloc(24);
    context.bytes(address, 24).fill(7);
    const outer = context.checkpoint();
    const inner = marks === 2 ? context.checkpoint() : outer;
    context.realloc(address, 8);
    expect(context.sizeOf(address)).toBe(8);
    context.realloc(address, 32);
    context.realloc(address, 16);
    heap.verify();
    if (end === "commit") context.commit(outer);
    if (end === "commit and rollback") context.commit(inner);
    if (end !== "commit") context.rollback(outer);
    heap.verify();
    const length = end === "commit" ? 16 : 24;
    expect(context.sizeOf(address)).toBe(length);
    if (length === 24) expect(context.bytes(address, 8)).toEqual(bytesOf(8, 7));
    context.realloc(address, 8);
    context.free(address);
    context.alloc(8);
    heap.verify();
  },
);

test("C38 its bytes are there again", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a", { kind: "slab", slotBytes: 32 });
  const address = context.alloc(32);
  context.bytes(address, 32).fill(7);
  const mark = context.checkpoint();
  context.realloc(address, 8);
  context.rollback(mark);
  expect(context.bytes(address, 32)).toEqual(bytesOf(32, 7));
});

test("C21 C38 C67 an allocset object that stays where it is, for there is no memory", () => {
  using heap = new Heap({ check: "debug", quarantineBytes: 0 });
  const context = heap.open("a");
  context.setLimit(4096);
  const address = context.alloc(3000);
  context.bytes(address, 3000).fill(7);
  const mark = context.checkpoint();
  while (context.tryAlloc(8) !== 0);
  expect(context.realloc(address, 100)).toBe(address);
  expect(context.sizeOf(address)).toBe(100);
  context.rollback(mark);
  expect(context.bytes(address, 3000)).toEqual(bytesOf(3000, 7));
  heap.verify();
});

test.each(["rollback", "commit"] as const)(
  "C38 one that grew keeps its new bytes at a %s",
  (end) => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("a", { kind: "slab", slotBytes: 32 });
    const address = context.alloc(8);
    const mark = context.checkpoint();
    context.realloc(address, 32);
    context.bytes(address, 32).fill(7);
    context[end](mark);
    expect(context.bytes(address, 32)).toEqual(bytesOf(32, 7));
    context.realloc(address, 8);
    context.free(address);
    heap.verify();
  },
);
