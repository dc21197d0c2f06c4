import { Heap, InvalidParentError, type MemoryContext, UseAfterDropError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { checkLevels, checkRefused, checkSound, fill, isFilled } from "./support/fixtures.js";

const INVALID = "PERFLOC_CONTEXT_INVALID_PARENT";

const notParents = [undefined, null, 0, "heap", {}, []] as unknown as readonly MemoryContext[];

describe.each(checkLevels)("setParent, check level %s", (check) => {
  test("C35 moves a context with what is below it, and leaves its objects where they are", () => {
    using heap = new Heap({ check });
    const from = heap.open("from");
    const to = heap.open("to");
    const moving = from.open("moving");
    const below = moving.open("below");
    const address = below.alloc(100);
    fill(below, address, 100, 35);
    moving.setParent(to);
    expect([moving.parent, below.parent]).toEqual([to, moving]);
    expect(below.stats().path).toEqual(["to", "moving", "below"]);
    from.drop();
    expect(isFilled(below, address, 100, 35)).toBe(true);
    checkSound(heap);
    to.drop();
    expect([moving.isDropped, below.isDropped]).toEqual([true, true]);
  });

  test("C35 moves to the top, where only the heap ends it", () => {
    using heap = new Heap({ check });
    const from = heap.open("from");
    const moving = from.open("moving");
    moving.alloc(8);
    moving.setParent(heap);
    expect(moving.parent).toBeUndefined();
    expect(moving.stats().level).toBe(1);
    from.drop();
    expect(moving.isDropped).toBe(false);
    expect(heap.stats().children.map(({ name }) => name)).toEqual(["moving"]);
    checkSound(heap);
  });

  test("C35 makes it the newest child, also of the parent that it had", () => {
    using heap = new Heap({ check });
    const parent = heap.open("parent");
    const children = ["a", "b", "c"].map((name) => parent.open(name));
    for (const child of children) child.setParent(parent);
    expect(parent.stats().children.map(({ name }) => name)).toEqual(["c", "b", "a"]);
    children[0]?.setParent(parent);
    expect(parent.stats().children.map(({ name }) => name)).toEqual(["a", "c", "b"]);
    checkSound(heap);
  });

  test("C36 refuses itself and everything below itself", () => {
    using heap = new Heap({ check });
    const top = heap.open("top");
    const child = top.open("child");
    const leaf = child.open("leaf");
    for (const parent of [top, child, leaf]) {
      const error = checkRefused(
        heap,
        () => {
          top.setParent(parent);
        },
        InvalidParentError,
        INVALID,
      );
      expect([error.context, error.parent]).toEqual(["top", parent.name]);
    }
    leaf.setParent(top);
    child.setParent(leaf);
    expect(child.stats().path).toEqual(["top", "leaf", "child"]);
  });

  test("C36 refuses another heap and its contexts, in the same arena too", () => {
    using heap = new Heap({ check });
    using other = new Heap({ check, arena: heap.arena });
    const moving = heap.open("moving");
    const target = other.open("target");
    for (const parent of [other, target]) {
      checkRefused(
        heap,
        () => {
          moving.setParent(parent);
        },
        InvalidParentError,
        INVALID,
      );
    }
    expect(moving.parent).toBeUndefined();
    other.verify();
  });

  test.each(notParents)("C36 refuses %j for a parent", (parent) => {
    using heap = new Heap({ check });
    const moving = heap.open("parent").open("moving");
    checkRefused(
      heap,
      () => {
        moving.setParent(parent);
      },
      InvalidParentError,
      INVALID,
    );
  });

  test("C33 refuses a parent that was dropped", () => {
    using heap = new Heap({ check });
    const gone = heap.open("gone");
    const moving = heap.open("moving");
    gone.drop();
    const error = checkRefused(
      heap,
      () => {
        moving.setParent(gone);
      },
      UseAfterDropError,
      "PERFLOC_CONTEXT_DROPPED",
    );
    expect(error.subject).toBe('context "gone"');
  });
});
