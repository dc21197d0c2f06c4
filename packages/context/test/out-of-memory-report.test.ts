import { FailingSource, InjectedFailure } from "@perfloc-tooling/testkit";
import { Heap, LimitExceededError, OutOfMemoryError } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkRefused, checkThrows, kinds, optionsOf } from "./support/fixtures.js";

test.each(kinds)(
  "C55 when the source refuses a %s, the error has cause, numbers and the tree",
  (kind) => {
    const source = new FailingSource(1, true);
    using heap = new Heap({ source });
    const context = heap.open("asking", optionsOf[kind]);
    heap.open("another");
    const error = checkThrows(
      () => context.alloc(40),
      OutOfMemoryError,
      "PERFLOC_CONTEXT_OUT_OF_MEMORY",
    );
    expect(error.cause).toBeInstanceOf(InjectedFailure);
    expect(error.requestedBytes).toBeGreaterThanOrEqual(40);
    expect([error.heldBytes, error.usedBytes, error.limitBytes]).toEqual([0, 0, Infinity]);
    expect(error.message).toContain('in context "asking"');
    expect(error.report).toContain(`asking (${kind}): 0 used`);
    expect(error.report).toContain("another (allocset)");
  },
);

test("C55 when maxBytes is met, the error has the limit and the whole tree", () => {
  using heap = new Heap({ initialChunkBytes: 65_536, maxBytes: 65_536 });
  const holder = heap.open("holder");
  holder.alloc(40_000);
  const context = holder.open("asking");
  const error = checkRefused(
    heap,
    () => context.alloc(50_000),
    LimitExceededError,
    "PERFLOC_CONTEXT_ARENA_LIMIT",
  );
  expect([error.heldBytes, error.usedBytes, error.limitBytes]).toEqual([65_536, 40_960, 65_536]);
  expect(error.requestedBytes).toBe(50_000);
  expect(error.report).toMatch(/holder \(allocset\): 40960 used[^\n]*\n {2}asking/);
  expect(error.cause).toBeInstanceOf(LimitExceededError);
});

test("C55 when setLimit is met, the report is who asked and the tree below the limit", () => {
  using heap = new Heap();
  heap.open("elsewhere").alloc(8);
  const limited = heap.open("limited");
  limited.setLimit(10_000);
  const context = limited.open("asking");
  context.alloc(8);
  const error = checkRefused(
    heap,
    () => context.alloc(9000),
    LimitExceededError,
    "PERFLOC_CONTEXT_LIMIT",
  );
  expect([error.limitBytes, error.usedBytes]).toEqual([10_000, 4096]);
  expect(error.requestedBytes).toBeGreaterThanOrEqual(9000);
  expect(error.report.split("\n").length).toBe(3);
  expect(error.report).toMatch(/^asked for by asking \(allocset\)/u);
  expect(error.report).not.toContain("elsewhere");
  expect(error.message).toContain('context "limited"');
  expect(error.message).toContain('context "asking"');
});

test("C55 requestedBytes is what the call asked for", () => {
  using heap = new Heap();
  const context = heap.open("exact");
  context.setLimit(0);
  for (const [byteLength, alignment] of [
    [33, 8],
    [5000, 8],
    [40_001, 8],
    [40, 64],
  ] as const) {
    const error = checkRefused(
      heap,
      () => context.alloc(byteLength, alignment),
      LimitExceededError,
      "PERFLOC_CONTEXT_LIMIT",
    );
    expect(error.requestedBytes).toBe(byteLength);
  }
});
