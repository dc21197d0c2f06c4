import { Heap } from "@perfloc/context";
import { expect, it } from "vitest";
import { withoutCapture, withoutFrames, withoutStacks } from "../support/stack-traces.js";

/** Frames of an object that was allocated while the engine was so. */
function framesUnder(engine: (call: () => void) => void): readonly string[] {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  engine(() => context.alloc(8));
  const { sites } = heap.report();
  expect(sites).toHaveLength(1);
  return sites[0]?.allocatedAt ?? [];
}

it("C65 six frames of the program are kept, and Error.stackTraceLimit is left alone", () => {
  const limit = Error.stackTraceLimit;
  const frames = framesUnder((call) => call());
  expect(frames.length).toBeLessThanOrEqual(6);
  expect(frames[0]).toMatch(/site\.test/);
  expect(Error.stackTraceLimit).toBe(limit);
});

it("C65 where no frames are to be had, places are empty, and objects are guarded all the same", () => {
  expect(framesUnder(withoutFrames)).toEqual([]);
  expect(framesUnder(withoutStacks)).toEqual([]);
});

it("C65 an engine that cannot leave frames out tells its whole stack", () => {
  expect(framesUnder(withoutCapture).length).toBeGreaterThan(0);
});

it("C65 a place has its frames whatever limit the program sets, which stays as it was", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  const before = Error.stackTraceLimit;
  function outer(): number {
    return inner();
  }
  function inner(): number {
    return context.alloc(10);
  }
  Error.stackTraceLimit = 1;
  const address = outer();
  const after = Error.stackTraceLimit;
  Error.stackTraceLimit = before;
  expect(after).toBe(1);
  const [site] = heap.report().sites;
  expect(site!.allocatedAt[0]).toContain("inner");
  expect(site!.allocatedAt[1]).toContain("outer");
  expect(site!.allocatedAt.length).toBeGreaterThan(2);
  context.free(address);
});

it("C65 a program whose own way to print stacks throws gets no frames, and no error", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.prepareStackTrace = () => {
    throw new RangeError("not ours");
  };
  try {
    context.alloc(8);
    expect(heap.report().sites[0]?.allocatedAt).toEqual([]);
  } finally {
    Reflect.deleteProperty(Error, "prepareStackTrace");
    if (before !== undefined) Object.defineProperty(Error, "prepareStackTrace", before);
  }
});
