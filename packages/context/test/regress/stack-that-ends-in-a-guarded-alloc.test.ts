/*
 * The mark of a guarded object was written before its record: where the stack ended in between, the heap was corrupt for good.
 */
import { Heap, PerflocError } from "@perfloc/context";
import { expect, test } from "vitest";
import { freeingKinds, optionsOf, thrownBy } from "../support/fixtures.js";

test.each(freeingKinds)("C63 C57 a stack that overflows leaves a sound %s", (kind) => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("deep", optionsOf[kind]);
  function allocForEver(): void {
    context.alloc(40);
    allocForEver();
  }
  function deeper(frames: number): void {
    if (frames === 0) allocForEver();
    else deeper(frames - 1);
  }
  for (let frames = 0; frames < 40; frames++) {
    // The engine's RangeError, or what Error.prepareStackTrace of the test runner throws when the stack ends within it.
    expect(thrownBy(() => deeper(frames))).not.toBeInstanceOf(PerflocError);
    context.reset();
  }
  heap.verify();
});
