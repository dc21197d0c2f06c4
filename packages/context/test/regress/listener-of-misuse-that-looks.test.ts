/*
 * A listener of misuse that looked at a dropped context was told of that, looked again, and so on until the stack ended. And an
 * arena that outlived its heap went on telling the heap's listeners.
 */
import { Arena, Heap } from "@perfloc/context";
import { expect, test } from "vitest";

test("C76 a misuse by a listener of misuse is not told", () => {
  using heap = new Heap();
  const context = heap.open("a");
  context.drop();
  let told = 0;
  heap.on("misuse", () => {
    told++;
    expect(() => context.stats()).toThrow(/was dropped/);
  });
  expect(() => context.alloc(8)).toThrow(/was dropped/);
  expect(() => context.alloc(8)).toThrow(/was dropped/);
  expect(told).toBe(2);
});

test("C76 a disposed heap hears nothing of an arena that others share", () => {
  const arena = new Arena();
  const first = new Heap({ arena });
  let chunks = 0;
  const stop = first.on("chunk-reserved", () => chunks++);
  first.dispose();
  using second = new Heap({ arena });
  second.open("b").alloc(100);
  expect(chunks).toBe(0);
  stop();
  stop();
  second.dispose();
  arena.dispose();
});
