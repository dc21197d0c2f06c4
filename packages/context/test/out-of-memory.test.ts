/**
 * C91: memory that runs out, at every point where a program asks for it, costs one failed call and nothing else: the heap
 * is as before that call, the call succeeds once there is memory again, and in the end everything goes back.
 */
import { FailingSource, InjectedFailure } from "@perfloc-tooling/testkit";
import {
  type HeapOptions,
  LimitExceededError,
  PAGE_BYTES,
  type PlaneSource,
} from "@perfloc/context";
import { describe, expect, it } from "vitest";
import type { HeapModel } from "./model/heap-model.js";
import { OutOfMemoryProbe, runScenario, type Scenario } from "./model/out-of-memory-probe.js";
import { scenarios } from "./model/out-of-memory-scenarios.js";

/** Small top chunks, so that a scenario goes to the source often. */
const chunks = { initialChunkBytes: 8192, maxChunkBytes: 65_536 } as const;

/** The planes come from it too, and are refused as top chunks are. */
class FailingPlanes extends FailingSource {
  readonly planes: PlaneSource = {
    acquirePlane: (byteLength) => this.acquire(byteLength),
    releasePlane: (range) => this.release(range),
  };
}

interface Outcome {
  readonly probe: OutOfMemoryProbe;
  readonly source: FailingSource;
}

/** Runs a scenario once to see which call fails, if one does, and once more to compare around it. */
function runTwice(
  scenario: Scenario,
  makeSource: () => FailingSource,
  options: HeapOptions,
  recover: ((model: HeapModel) => void) | undefined,
): Outcome {
  const scout = new OutOfMemoryProbe({ ...chunks, ...options, source: makeSource() }, 0, recover);
  runScenario(scenario, scout);
  const source = makeSource();
  const probe = new OutOfMemoryProbe({ ...chunks, ...options, source }, scout.failedCall, recover);
  runScenario(scenario, probe);
  expect(probe.failedCall).toBe(scout.failedCall);
  expect(source.live.size).toBe(0);
  return { probe, source };
}

/** The scenario in a context with a limit, which is lifted where the scenario meets it. */
function limitedBy(scenario: Scenario, maxBytes: number): Scenario {
  return (probe) => {
    const { model } = probe;
    const top = model.open(undefined, {});
    model.setLimit(top, maxBytes);
    const open = model.open.bind(model);
    model.open = (parent, options) => open(parent ?? top, options);
    const setParent = model.setParent.bind(model);
    model.setParent = (context, parent) => setParent(context, parent ?? top);
    scenario(probe);
  };
}

function liftLimit(model: HeapModel): void {
  model.setLimit(model.tops[0]!, Infinity);
}

describe.each(Object.entries(scenarios))("C91 out of memory: %s", (name, scenario) => {
  it.each([
    ["one request", FailingSource, false],
    ["every request from one on", FailingSource, true],
    ["one request, also for a plane", FailingPlanes, false],
    ["every request from one on, also for planes", FailingPlanes, true],
  ] as const)(
    "C91 when the source refuses %s",
    (mode, Source, isPersistent) => {
      let failures = 0;
      let failAt = 1;
      for (; ; failAt++) {
        const { probe, source } = runTwice(
          scenario,
          () => new Source(failAt, isPersistent),
          {},
          isPersistent ? undefined : () => {},
        );
        if (source.acquireCount < failAt) break;
        // A chunk shorter than planned may do instead, so not every refusal reaches the program.
        if (probe.error === undefined) continue;
        failures++;
        expect(probe.error.code).toBe("PERFLOC_CONTEXT_OUT_OF_MEMORY");
        expect(probe.error.cause).toBeInstanceOf(InjectedFailure);
        expect(probe.error.hint).not.toBe("");
      }
      console.log(`C91 ${name}, refused ${mode}: n = 1 to ${failAt - 1}, ${failures} failed calls`);
      expect(failAt).toBeGreaterThan(6);
      expect(failures).toBeGreaterThan(0);
    },
    120_000,
  );

  it("C91 when setLimit refuses, at every limit", () => {
    let limits = 0;
    for (let maxBytes = 0; ; maxBytes += PAGE_BYTES * Math.max(1, limits >>> 3)) {
      const { probe } = runTwice(
        limitedBy(scenario, maxBytes),
        () => new FailingSource(),
        {},
        liftLimit,
      );
      if (probe.error === undefined) break;
      limits++;
      expect(probe.error).toBeInstanceOf(LimitExceededError);
      expect(probe.error.code).toBe("PERFLOC_CONTEXT_LIMIT");
      expect(probe.error.limitBytes).toBe(maxBytes);
    }
    console.log(`C91 ${name}, setLimit: ${limits} limits`);
    expect(limits).toBeGreaterThan(3);
  });

  it("C91 when maxBytes refuses, at every length of the arena", () => {
    let limits = 0;
    for (let maxBytes = PAGE_BYTES; ; maxBytes += PAGE_BYTES * Math.max(1, limits >>> 3)) {
      const { probe, source } = runTwice(
        scenario,
        () => new FailingSource(),
        { maxBytes },
        undefined,
      );
      if (probe.error === undefined) break;
      limits++;
      expect(source.acquireCount).toBeLessThanOrEqual(maxBytes / PAGE_BYTES);
      expect(probe.error).toBeInstanceOf(LimitExceededError);
      expect(probe.error.code).toBe("PERFLOC_CONTEXT_ARENA_LIMIT");
    }
    console.log(`C91 ${name}, maxBytes: ${limits} limits`);
    expect(limits).toBeGreaterThan(3);
  });
});

it("C91 a move is refused by every limit that has no room for it, and done once the limit is lifted", () => {
  let limits = 0;
  for (let maxBytes = 0; ; maxBytes += PAGE_BYTES) {
    const move: Scenario = (probe) => {
      const { model } = probe;
      const parent = model.open(undefined, {});
      const child = model.open(undefined, {});
      const grandchild = model.open(child, { kind: "bump" });
      for (let step = 0; step < 40; step++) {
        model.alloc(parent, 50);
        model.alloc(child, 400);
        model.alloc(grandchild, 300);
      }
      model.setLimit(parent, maxBytes);
      // The report is about the one whose limit it is: the child is not below it yet.
      probe.attempt(parent, () => model.setParent(child, parent));
    };
    const { probe } = runTwice(
      move,
      () => new FailingSource(),
      {},
      (model) => model.setLimit(model.tops[0]!, Infinity),
    );
    if (probe.error === undefined) break;
    limits++;
    expect(probe.error.code).toBe("PERFLOC_CONTEXT_LIMIT");
  }
  console.log(`C91 a move under another parent: ${limits} limits`);
  expect(limits).toBeGreaterThan(3);
});
