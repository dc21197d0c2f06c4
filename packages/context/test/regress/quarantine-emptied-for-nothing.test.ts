/*
 * A realloc made room in the quarantine for objects that never wait there: longer than it, or older than a mark. So it was emptied.
 * And a mark threw a TypeError where the arena had been disposed below an object that waited.
 */
import { Arena } from "@perfloc/arena";
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";

test("C64 a realloc of an object longer than the quarantine leaves it alone", () => {
  using heap = new Heap({ check: "debug", quarantineBytes: 4096 });
  const context = heap.open("a");
  const long = context.alloc(10_000);
  context.free(context.alloc(64));
  context.realloc(long, 12_000);
  expect(heap.report().quarantinedObjects).toBe(1);
});

test("C64 a realloc of an object that a mark holds leaves it alone", () => {
  using heap = new Heap({ check: "debug", quarantineBytes: 1024 });
  const context = heap.open("a");
  const old = context.alloc(900);
  context.checkpoint();
  context.free(context.alloc(500));
  context.realloc(old, 800);
  expect(heap.report().quarantinedObjects).toBe(1);
});

test.each(["allocset", "slab"] as const)("C4 a mark after the arena is gone: %s", (kind) => {
  const arena = new Arena();
  const heap = new Heap({ arena, check: "debug" });
  const context = heap.open("a", kind === "slab" ? { kind, slotBytes: 64 } : { kind });
  context.free(context.alloc(64));
  arena.dispose();
  context.checkpoint();
  context.drop();
  heap.dispose();
  expect(context.isDropped).toBe(true);
});
