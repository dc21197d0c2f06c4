import { inspect } from "node:util";
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, openNested } from "./support/fixtures.js";

test("C53 describe prints one context a line, newest first, then the top chunks", () => {
  using heap = new Heap();
  const session = heap.open("session");
  session.alloc(100);
  const query = session.open("query", { kind: "bump" });
  query.alloc(100);
  query.setLimit(8192);
  heap.open("slots", { kind: "slab", slotBytes: 8 });
  expect(heap.describe().split("\n").slice(0, 4)).toEqual([
    "slots (slab): 0 used in 0 process chunks, 0 live in 0 objects, 0 free",
    "session (allocset): 4096 used in 1 process chunk, 112 live in 1 object, 3968 free",
    "  query (bump): 4096 used in 1 process chunk, 112 live, 3968 free, limit 8192",
    expect.stringMatching(/^arena: /),
  ]);
});

test("C53 console.log prints heap and context the same way, and a dropped context as such", () => {
  using heap = new Heap();
  const context = heap.open("printed");
  allocMany(context, 3, 8);
  expect(inspect(heap)).toBe(heap.describe());
  expect(inspect(context)).toBe(
    "printed (allocset): 4096 used in 1 process chunk, 48 live in 3 objects, 4032 free",
  );
  context.drop();
  expect(inspect(context)).toBe('context "printed" (dropped)');
  expect(heap.describe()).toContain("no contexts are open");
});

test("C53 wide and deep trees are summed up beyond twenty", () => {
  using heap = new Heap();
  const wide = heap.open("wide");
  for (let count = 0; count < 50; count++) wide.open(`child ${count}`).alloc(8);
  const lines = inspect(wide).split("\n");
  expect(lines.length).toBe(22);
  expect(lines[1]).toMatch(/^ {2}child 49 /);
  expect(lines.at(-1)).toBe(`  ... and 30 more contexts: ${30 * 4096} used`);
  const { top, bottom } = openNested(heap, 50);
  bottom.alloc(8);
  const deep = inspect(top).split("\n");
  expect(deep.length).toBe(21);
  expect(deep.at(-1)?.trim()).toBe("... and 30 more contexts: 4096 used");
});

test("C53 the heap's own top level is summed up beyond twenty too", () => {
  using heap = new Heap();
  for (let count = 0; count < 25; count++) heap.open("top").open("below");
  expect(heap.describe()).toContain("... and 10 more contexts: 0 used");
});
