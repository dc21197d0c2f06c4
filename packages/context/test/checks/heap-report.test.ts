import { Heap, type HeapLeak } from "@perfloc/context";
import { expect, it, vi } from "vitest";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { allocMany, checkLevels, guardedLevels } from "../support/fixtures.js";
import { withoutFrames } from "../support/stack-traces.js";

/** Node's own gc(), which a process started without the flag has not. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** Forgets a heap with two contexts open. */
function loseHeap(): void {
  const heap = new Heap({ check: "debug" });
  heap.open("here");
  withoutFrames(() => heap.open("nowhere"));
}

it.each(guardedLevels)("C74 the report sums live objects by place (check level %s)", (check) => {
  using heap = new Heap({ check, sampleEvery: 1 });
  const context = heap.open("cache");
  const [first = 0] = allocMany(context, 3, 100);
  context.alloc(7);
  context.free(first);
  const report = heap.report();
  expect(report.check).toBe(check);
  expect(report.contexts.map(({ name }) => name)).toEqual(["cache"]);
  expect(report.sites.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(207);
  expect(report.quarantinedObjects).toBe(1);
  expect(report.findings).toEqual([]);
  if (check === "debug") {
    expect(report.sites[0]).toMatchObject({ context: "cache", objects: 2, bytes: 200 });
    expect(report.sites[0]?.allocatedAt.join("\n")).toMatch(/allocMany/);
    expect(report.contexts[0]?.openedAt[0]).toMatch(/heap-report\.test/);
  }
  expect(String(report)).toMatch(/20[07] bytes in [23] objects of context "cache"/);
});

it.each(checkLevels)("C74 without guards it lists the contexts (check level %s)", (check) => {
  using heap = new Heap({ check });
  heap.open("outer").open("inner").alloc(8);
  const report = heap.report();
  expect(report.contexts.map(({ name }) => name)).toEqual(["outer", "inner"]);
  expect([report.sites, report.quarantinedBytes]).toEqual([[], 0]);
  expect(String(report)).toContain("inner (allocset)");
});

it("C73 a heap that is collected without dispose tells which contexts were open", async () => {
  const leaks: HeapLeak[] = [];
  function leak(): void {
    const heap = new Heap({ check: "debug", onLeak: (found) => leaks.push(found) });
    heap.open("dropped").drop();
    heap.open("lost").alloc(100);
  }
  function endWell(): void {
    const heap = new Heap({ check: "debug", onLeak: (found) => leaks.push(found) });
    heap.open("ended");
    heap.dispose();
  }
  function dropAll(): void {
    new Heap({ check: "debug", onLeak: (found) => leaks.push(found) }).open("dropped").drop();
  }
  dropAll();
  leak();
  endWell();
  await vi.waitFor(
    () => {
      collectGarbage();
      expect(leaks).toHaveLength(1);
    },
    { timeout: 60_000, interval: 5 },
  );
  expect(leaks[0]?.contexts.map(({ name }) => name)).toEqual(["lost"]);
  expect(leaks[0]?.contexts[0]?.openedAt[0]).toMatch(/leak.*heap-report\.test/);
});

it("C73 where nobody asked to be told, the console is, also of a place that is not known", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  loseHeap();
  await vi.waitFor(
    () => {
      collectGarbage();
      expect(warn).toHaveBeenCalled();
    },
    { timeout: 60_000, interval: 5 },
  );
  const texts = warn.mock.calls.map(([text]) => String(text));
  warn.mockRestore();
  expect(texts).toContainEqual(
    expect.stringMatching(
      /with 2 contexts open:\n {2}"here", opened at .*heap-report\.test.*\n {2}"nowhere", opened at \?/,
    ),
  );
});
