import { Heap, type MemoryContext } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { checkEmpty, checkLevels, openNested } from "./support/fixtures.js";

const MANY = 100_000;
/** Contexts with memory, in a test that has many: one in so many. */
const STRIDE = 1000;

/** Gives every `STRIDE`-th context above `bottom` a process chunk. */
function allocAlong(bottom: MemoryContext): number {
  let depth = 0;
  let chunks = 0;
  for (let at: MemoryContext | undefined = bottom; at !== undefined; at = at.parent) {
    if (depth++ % STRIDE !== 0) continue;
    at.alloc(100);
    chunks++;
  }
  return chunks;
}

/** Paths of a small deep tree, counted: copied paths would take gigabytes in the deep one, and end the test run. */
function checkPathsAreNotCopied(): void {
  using heap = new Heap();
  openNested(heap, 2000);
  let pathEntries = 0;
  for (let at = heap.stats().children[0]; at !== undefined; at = at.children[0]) {
    const own = Object.getOwnPropertyDescriptor(at, "path");
    if (own?.value !== undefined) pathEntries += at.path.length;
  }
  expect(pathEntries).toBeLessThanOrEqual(20 * 2000);
}

/**
 * How often a drop looks for the children of one context in the middle of a deep tree: when that grows with the depth, dropping
 * the deep trees below would take hours, and the tests end here.
 */
function checkDropVisitsOnce(): void {
  using heap = new Heap();
  const { top, bottom } = openNested(heap, 1000);
  let middle = bottom;
  for (let level = 0; level < 500; level++) middle = middle.parent ?? middle;
  let child: unknown = Reflect.get(middle, "firstChild");
  let reads = 0;
  Object.defineProperty(middle, "firstChild", {
    get: () => {
      reads++;
      return child;
    },
    set: (value) => {
      child = value;
    },
  });
  top.drop();
  expect(reads).toBeLessThan(20);
}

/** The check level makes no difference to the tree: once is enough for what takes long. */
describe("a very deep or wide tree", () => {
  test("C34 100,000 nested contexts are verified and dropped", () => {
    checkDropVisitsOnce();
    using heap = new Heap();
    const { top, bottom } = openNested(heap, MANY);
    const chunks = allocAlong(bottom);
    expect(heap.arena.stats().spanCount).toBe(chunks);
    heap.verify();
    top.drop();
    expect(bottom.isDropped).toBe(true);
    checkEmpty(heap);
  });

  test("C34 100,000 nested contexts are reset from the top and from the middle", () => {
    checkDropVisitsOnce();
    using heap = new Heap();
    const { top, bottom } = openNested(heap, MANY);
    allocAlong(bottom);
    let middle = bottom;
    for (let level = 0; level < MANY / 2; level++) middle = middle.parent ?? middle;
    middle.reset();
    expect([bottom.isDropped, middle.isDropped]).toEqual([true, false]);
    top.reset({ children: "keep" });
    expect(middle.isDropped).toBe(false);
    top.reset();
    expect(middle.isDropped).toBe(true);
    expect(heap.stats().contexts).toBe(1);
    heap.verify();
  });

  test("C34 callbacks run through 100,000 nested contexts, the innermost first", () => {
    checkDropVisitsOnce();
    using heap = new Heap();
    const { top, bottom } = openNested(heap, MANY);
    const order: string[] = [];
    top.onReset(() => {
      order.push("top");
    });
    bottom.onReset(() => {
      order.push("bottom");
    });
    top.drop();
    expect(order).toEqual(["bottom", "top"]);
    checkEmpty(heap);
  });

  test("C34 100,000 nested contexts take and lose a limit, and move", () => {
    checkDropVisitsOnce();
    checkPathsAreNotCopied();
    using heap = new Heap();
    const { top, bottom } = openNested(heap, MANY);
    const chunks = allocAlong(bottom);
    top.setLimit(chunks * 4096);
    expect(bottom.open("last").tryAlloc(8)).toBe(0);
    const newParent = heap.open("new parent");
    top.setParent(newParent);
    top.setLimit(Infinity);
    expect(bottom.open("last").tryAlloc(8)).not.toBe(0);
    heap.verify();
    newParent.dropChildren();
    checkEmpty(heap);
  });

  test("C34 the figures of nested contexts take no more memory than the tree itself, and none of the stack", () => {
    checkDropVisitsOnce();
    checkPathsAreNotCopied();
    using heap = new Heap();
    const { top, bottom } = openNested(heap, MANY);
    const chunks = allocAlong(bottom);
    const stats = top.stats();
    expect(stats.subtreeContexts).toBe(MANY);
    expect(stats.subtreeUsedBytes).toBe(chunks * 4096);
    expect(heap.stats().usedBytes).toBe(chunks * 4096);
    expect(bottom.stats().level).toBe(MANY);
    expect(heap.describe()).toContain(`... and ${MANY - 20} more contexts`);
  });

  test("C34 100,000 neighbouring contexts are counted, printed, verified and dropped", () => {
    using heap = new Heap();
    const top = heap.open("top");
    const children = Array.from({ length: MANY }, (_, position) => top.open(`child ${position}`));
    for (let position = 0; position < MANY; position += STRIDE) children[position]?.alloc(10);
    const stats = top.stats();
    expect(stats.children.length).toBe(MANY);
    expect(stats.children[0]?.name).toBe(`child ${MANY - 1}`);
    expect(stats.subtreeUsedBytes).toBe((MANY / STRIDE) * 4096);
    expect(heap.describe()).toContain(`... and ${MANY - 20} more contexts`);
    heap.verify();
    children[MANY / 2]?.drop();
    children[0]?.drop();
    heap.verify();
    expect(top.stats().subtreeContexts).toBe(MANY - 1);
    top.dropChildren();
    expect(children.every((child) => child.isDropped)).toBe(true);
    checkEmpty(heap);
  });

  test("C34 100,000 contexts at the top of a heap go with it", () => {
    const heap = new Heap();
    const contexts = Array.from({ length: MANY }, () => heap.open("top"));
    contexts[MANY / 2]?.alloc(10);
    expect(heap.stats().children.length).toBe(MANY);
    heap.dispose();
    expect(contexts.every((context) => context.isDropped)).toBe(true);
  });
});

describe.each(checkLevels)("the tree of contexts, check level %s", (check) => {
  test("C33 dropping one of several siblings leaves the others linked, wherever it stood", () => {
    for (let dropped = 0; dropped < 4; dropped++) {
      using heap = new Heap({ check });
      const siblings = ["a", "b", "c", "d"].map((name) => heap.open(name));
      siblings[dropped]?.drop();
      const left = siblings.filter((context) => !context.isDropped).map(({ name }) => name);
      expect(heap.stats().children.map(({ name }) => name)).toEqual(left.toReversed());
      heap.verify();
    }
  });

  test("C33 dropChildren drops all below, and leaves the context's own objects", () => {
    using heap = new Heap({ check });
    const top = heap.open("top");
    const address = top.alloc(8);
    const child = top.open("child");
    const grandchild = child.open("grandchild", { kind: "bump" });
    grandchild.alloc(100);
    top.dropChildren();
    expect([child.isDropped, grandchild.isDropped, top.isDropped]).toEqual([true, true, false]);
    expect(top.sizeOf(address)).toBe(16);
    top.dropChildren();
    expect(heap.arena.stats().spanCount).toBe(1);
    heap.verify();
  });
});
