/*
 * Perfloc: when the source refused a chunk while a heap was disposed, what callbacks had thrown was lost, and a further dispose()
 * did nothing, with the memory still held. And contexts of an arena that was disposed in part could not be dropped.
 */
import { Arena, Heap, ReleaseFailedError, ResetCallbackError } from "@perfloc/context";
import { FailingSource } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

test("C4 a heap whose source refuses goes on at the next dispose", () => {
  const source = new FailingSource();
  const heap = new Heap({ source });
  heap.open("a").alloc(8);
  source.refusesRelease = true;
  expect(() => heap.dispose()).toThrow(ReleaseFailedError);
  source.refusesRelease = false;
  heap.dispose();
  expect(source.live.size).toBe(0);
});

test("C4 what callbacks threw is told although the source refuses", () => {
  const source = new FailingSource();
  const heap = new Heap({ source });
  const context = heap.open("a");
  context.alloc(8);
  context.onReset(() => {
    throw new Error("from the callback");
  });
  source.refusesRelease = true;
  expect(() => heap.dispose()).toThrow(ResetCallbackError);
  source.refusesRelease = false;
  heap.dispose();
  expect(source.live.size).toBe(0);
});

test("C4 contexts are dropped although their arena is gone", () => {
  const arena = new Arena();
  const heap = new Heap({ arena });
  const context = heap.open("a");
  for (let count = 0; count < 100; count++) context.alloc(1000);
  arena.dispose();
  context.drop();
  heap.dispose();
  expect(context.isDropped).toBe(true);
});
