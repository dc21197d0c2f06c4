/*
 * Where Error.prepareStackTrace answered something else than text, a context was left half dropped by the error of reading it.
 */
import { Heap, LeakError } from "@perfloc/context";
import { afterEach, expect, test } from "vitest";

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- V8's own; no ECMAScript library declares it
const host = Error as unknown as { prepareStackTrace?: unknown };
const before = host.prepareStackTrace;

afterEach(() => {
  host.prepareStackTrace = before;
});

function failing(): never {
  throw new Error("the program's own");
}

test.each([
  ["a list", () => []],
  ["nothing", () => undefined],
  ["an error", failing],
])("C72 a stack that is %s names no place", (_name, prepare) => {
  const heap = new Heap({ check: "debug" });
  host.prepareStackTrace = prepare;
  const context = heap.open("a", { expectFreed: true });
  context.alloc(8);
  let thrown: unknown;
  try {
    context.drop();
  } catch (error) {
    thrown = error;
  }
  host.prepareStackTrace = before;
  expect(thrown).toBeInstanceOf(LeakError);
  expect((thrown as LeakError).objects[0]?.allocatedAt).toEqual([]);
  expect(context.isDropped).toBe(true);
  heap.verify();
  heap.dispose();
});
