/*
 * Perfloc: `reset(null)` worked as long as no callback was registered anywhere in the heap, and was a raw TypeError from then on.
 */
import { Heap, type ResetOptions } from "@perfloc/context";
import { expect, test } from "vitest";

test.each([false, true])(
  "C30 reset(null) is a reset without options, callbacks or not: %s",
  (hasCallback) => {
    using heap = new Heap();
    const context = heap.open("a");
    const child = context.open("b");
    let runs = 0;
    if (hasCallback) context.onReset(() => runs++);
    context.alloc(8);
    context.reset(null as unknown as ResetOptions);
    expect([child.isDropped, context.stats().liveBytes, runs]).toEqual([
      true,
      0,
      hasCallback ? 1 : 0,
    ]);
    heap.verify();
  },
);
