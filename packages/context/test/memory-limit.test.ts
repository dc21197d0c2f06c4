import { badSizes } from "@perfloc-tooling/testkit";
import { Heap, InvalidSizeError, LimitExceededError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  allocMany,
  checkLevels,
  checkRefused,
  checkSound,
  kinds,
  optionsOf,
} from "./support/fixtures.js";

const LIMIT = "PERFLOC_CONTEXT_LIMIT";

describe.each(checkLevels)("limits, check level %s", (check) => {
  test.each(kinds)("C47 bound the process chunks of a %s", (kind) => {
    using heap = new Heap({ check });
    const context = heap.open("limited", optionsOf[kind]);
    context.setLimit(4096);
    allocMany(context, 63, 64);
    const error = checkRefused(heap, () => context.alloc(64), LimitExceededError, LIMIT);
    expect(error.limitBytes).toBe(4096);
    expect(error.usedBytes).toBe(4096);
    expect(error.requestedBytes).toBe(64);
    expect(error.message).toContain('context "limited"');
    expect(context.tryAlloc(64)).toBe(0);
    context.reset();
    expect(context.tryAlloc(64)).not.toBe(0);
    checkSound(heap);
  });

  test("C47 count everything below, however deep", () => {
    using heap = new Heap({ check });
    const top = heap.open("top");
    top.setLimit(4 * 4096);
    const child = top.open("child");
    const leaf = child.open("leaf", { kind: "bump" });
    top.alloc(8);
    child.alloc(8);
    leaf.alloc(8);
    const last = leaf.open("last");
    last.alloc(8);
    const late = leaf.open("late");
    const error = checkRefused(heap, () => late.alloc(8), LimitExceededError, LIMIT);
    expect(error.report).toContain("leaf (bump)");
    expect(error.message).toContain('context "top"');
    last.drop();
    expect(late.tryAlloc(8)).not.toBe(0);
    checkSound(heap);
  });

  test("C47 count what a big object grows by in place, and give back what it shrinks by", () => {
    using heap = new Heap({ check, initialChunkBytes: 2 ** 20 });
    const context = heap.open("big");
    context.setLimit(200_000);
    let big = context.alloc(100_000);
    big = context.realloc(big, 150_000);
    checkRefused(heap, () => context.realloc(big, 250_000), LimitExceededError, LIMIT);
    big = context.realloc(big, 40_000);
    expect(context.tryAlloc(100_000)).not.toBe(0);
    checkSound(heap);
  });

  test("C48 nest: all count, and the innermost that is exceeded is named", () => {
    using heap = new Heap({ check });
    const outer = heap.open("outer");
    const inner = outer.open("inner");
    const second = inner.open("second");
    outer.setLimit(3 * 4096);
    inner.setLimit(2 * 4096);
    inner.alloc(8);
    inner.open("child").alloc(8);
    const innerError = checkRefused(heap, () => second.alloc(8), LimitExceededError, LIMIT);
    expect([innerError.limitBytes, innerError.message.includes('"inner"')]).toEqual([8192, true]);
  });

  test("C48 an outer limit stops what an inner one allows", () => {
    using heap = new Heap({ check });
    const outer = heap.open("outer");
    const inner = outer.open("inner");
    inner.setLimit(100 * 4096);
    outer.setLimit(2 * 4096);
    outer.alloc(8);
    inner.alloc(8);
    const child = inner.open("child");
    const error = checkRefused(heap, () => child.alloc(8), LimitExceededError, LIMIT);
    expect([error.limitBytes, error.usedBytes]).toEqual([8192, 8192]);
    inner.drop();
    expect(outer.open("after").tryAlloc(8)).not.toBe(0);
    checkSound(heap);
  });

  test("C48 limits set from the inside out and from the outside in count alike", () => {
    for (const isInnerFirst of [true, false]) {
      using heap = new Heap({ check });
      const outer = heap.open("outer");
      const middle = outer.open("middle");
      const inner = middle.open("inner");
      for (const context of [outer, middle, inner]) context.alloc(8);
      const inOrder = isInnerFirst ? [inner, middle, outer] : [outer, middle, inner];
      for (const context of inOrder) context.setLimit(10 * 4096);
      heap.verify();
      middle.setLimit(Infinity);
      heap.verify();
      outer.setLimit(3 * 4096);
      const child = inner.open("child");
      checkRefused(heap, () => child.alloc(8), LimitExceededError, LIMIT);
      outer.setLimit(Infinity);
      expect(child.tryAlloc(8)).not.toBe(0);
      checkSound(heap);
    }
  });

  test("C49 setParent moves what is held from limit to limit", () => {
    using heap = new Heap({ check });
    const from = heap.open("from");
    const to = heap.open("to");
    from.setLimit(8192);
    to.setLimit(8192);
    const moving = from.open("moving");
    moving.open("below").alloc(8);
    moving.alloc(8);
    checkRefused(heap, () => from.alloc(8), LimitExceededError, LIMIT);
    moving.setParent(to);
    expect(from.tryAlloc(8)).not.toBe(0);
    checkRefused(heap, () => to.alloc(8), LimitExceededError, LIMIT);
    moving.setParent(heap);
    expect(to.tryAlloc(8)).not.toBe(0);
    expect(moving.tryAlloc(500_000)).not.toBe(0);
    checkSound(heap);
  });

  test("C49 setParent is refused when the new limit has no room", () => {
    using heap = new Heap({ check });
    const from = heap.open("from");
    const to = heap.open("to");
    to.setLimit(8191);
    const moving = from.open("moving");
    moving.alloc(8);
    moving.open("below").alloc(8);
    const error = checkRefused(
      heap,
      () => {
        moving.setParent(to);
      },
      LimitExceededError,
      LIMIT,
    );
    expect(error.requestedBytes).toBe(8192);
    expect(moving.parent).toBe(from);
    to.setLimit(8192);
    moving.setParent(to);
    expect(moving.parent).toBe(to);
    checkSound(heap);
  });

  test("C49 a context with a limit of its own takes it along", () => {
    using heap = new Heap({ check });
    const from = heap.open("from");
    const to = heap.open("to");
    from.setLimit(40_960);
    to.setLimit(12_288);
    const moving = from.open("moving");
    moving.setLimit(8192);
    moving.alloc(8);
    moving.setParent(to);
    const child = moving.open("child");
    child.alloc(8);
    expect(moving.stats().limitBytes).toBe(8192);
    const third = child.open("third");
    checkRefused(heap, () => third.alloc(8), LimitExceededError, LIMIT);
  });

  test("C49 from one limit to another: refused without room, and later counted by the new one alone", () => {
    using heap = new Heap({ check });
    const from = heap.open("from");
    const to = heap.open("to");
    from.setLimit(1_000_000);
    to.setLimit(50_000);
    const own = from.open("own");
    own.setLimit(500_000);
    own.alloc(100_000);
    checkRefused(heap, () => own.setParent(to), LimitExceededError, LIMIT);
    to.setLimit(200_000);
    own.setParent(to);
    own.alloc(60_000);
    const error = checkRefused(heap, () => own.alloc(60_000), LimitExceededError, LIMIT);
    expect(error.message).toContain('context "to"');
    from.setLimit(0);
    expect(own.tryAlloc(8)).not.toBe(0);
    checkSound(heap);
  });

  test("C49 what holds nothing moves under a limit that is exceeded", () => {
    using heap = new Heap({ check });
    const full = heap.open("full");
    full.alloc(100_000);
    full.setLimit(1000);
    const empty = heap.open("empty");
    empty.setParent(full);
    expect(empty.parent).toBe(full);
    expect(empty.tryAlloc(8)).toBe(0);
  });

  test("C49 moving inside of one limit needs no room", () => {
    using heap = new Heap({ check });
    const top = heap.open("top");
    top.setLimit(4096);
    const left = top.open("left");
    const right = top.open("right");
    const moving = left.open("moving");
    moving.alloc(8);
    moving.setParent(right);
    right.setLimit(4096);
    moving.setParent(left);
    moving.setParent(right);
    checkSound(heap);
  });

  test("C50 can be lowered below what is held, which stays", () => {
    using heap = new Heap({ check });
    const context = heap.open("lowered");
    const addresses = allocMany(context, 1000, 64);
    context.setLimit(0);
    expect(context.stats().limitBytes).toBe(0);
    for (const address of addresses) context.free(address);
    expect(allocMany(context, 1000, 64).length).toBe(1000);
    checkRefused(heap, () => context.alloc(100_000), LimitExceededError, LIMIT);
    context.setLimit(2 ** 32);
    expect(context.tryAlloc(100_000)).not.toBe(0);
    context.setLimit(Infinity);
    expect(context.stats().limitBytes).toBe(Infinity);
    context.setLimit(Infinity);
    checkSound(heap);
  });

  test.each([
    ...badSizes.filter((size) => size !== Infinity && size !== 2 ** 31),
    -0.5,
    2 ** 32 + 1,
  ])("C50 refuse %s bytes", (maxBytes) => {
    using heap = new Heap({ check });
    const context = heap.open("limited");
    context.setLimit(8192);
    const error = checkRefused(
      heap,
      () => {
        context.setLimit(maxBytes);
      },
      InvalidSizeError,
      "PERFLOC_CONTEXT_INVALID_LIMIT",
    );
    expect(error.requested).toBe(maxBytes);
    expect([error.min, error.max]).toEqual([0, 2 ** 32]);
    expect(context.stats().limitBytes).toBe(8192);
  });

  test("C48 a limit goes with the context that has it, and its charges leave the outer one", () => {
    using heap = new Heap({ check });
    const outer = heap.open("outer");
    outer.setLimit(8192);
    for (let round = 0; round < 100; round++) {
      const inner = outer.open("inner");
      inner.setLimit(8192);
      inner.alloc(8);
      inner.open("child", { kind: "bump" }).alloc(8);
      if (round % 2 === 0) inner.drop();
      else outer.reset();
      heap.verify();
    }
    expect(outer.tryAlloc(5000)).not.toBe(0);
  });
});
