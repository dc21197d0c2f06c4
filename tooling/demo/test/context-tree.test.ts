import { Heap } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { contextTree } from "../src/context-tree.js";

describe("the context tree of the report", () => {
  test("puts childless siblings of one name together, largest first", () => {
    const heap = new Heap();
    const parent = heap.open("parent");
    for (let child = 0; child < 3; child++) parent.open("child").alloc(100);
    parent.open("large").alloc(100_000);
    const [node] = contextTree(heap.stats().children);
    expect(node!.children.map(({ name, count }) => [name, count])).toEqual([
      ["large", 1],
      ["child", 3],
    ]);
    expect(node!.subtreeUsedBytes).toBe(heap.stats().usedBytes);
  });

  test("sums up what is too much to show", () => {
    const heap = new Heap();
    for (let index = 0; index < 200; index++) heap.open(`context ${index}`).alloc(100);
    const nodes = contextTree(heap.stats().children);
    expect(nodes.length).toBeLessThan(100);
    expect(nodes.at(-1)!.name).toBe("others");
    expect(nodes.reduce((sum, { count }) => sum + count, 0)).toBe(200);
    expect(nodes.reduce((sum, { usedBytes }) => sum + usedBytes, 0)).toBe(heap.stats().usedBytes);
  });

  test("ends at some depth", () => {
    const heap = new Heap();
    let context = heap.open("top");
    for (let level = 0; level < 500; level++) context = context.open("below");
    let depth = 0;
    for (let nodes = contextTree([heap.stats().children[0]!]); nodes.length > 0; depth++) {
      nodes = [...nodes[0]!.children];
    }
    expect(depth).toBeLessThan(100);
  });
});
