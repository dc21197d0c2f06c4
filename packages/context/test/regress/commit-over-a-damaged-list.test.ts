/*
 * A commit that met a damaged free list ended in the middle: objects that were freed under its mark stayed where they were, and guards
 * went on counting a mark that was gone.
 */
import { CorruptionError, Heap } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { damageCell, linkTo } from "../support/fixtures.js";

describe.each(["check", "debug"] as const)("check level %s", (check) => {
  test("C40 C69 a commit is done all the same", () => {
    const heap = new Heap({ check, quarantineBytes: 0 });
    const context = heap.open("marked");
    const old = context.alloc(64);
    const deferred = context.alloc(200);
    context.free(old);
    const mark = context.checkpoint();
    const young = [context.alloc(64), context.alloc(64)];
    for (const address of young) context.free(address);
    context.free(deferred);
    damageCell(heap, young[1]!, linkTo(deferred + 16));
    expect(() => context.commit(mark)).toThrow(CorruptionError);
    expect(context.alloc(200)).toBe(deferred);
    const kept = context.alloc(300);
    context.rollback(context.checkpoint());
    context.free(kept);
  });
});
