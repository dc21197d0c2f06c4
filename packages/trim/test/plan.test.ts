import {
  ArrayBufferSource,
  Heap,
  Trimmer,
  type TrimPolicy,
  decay,
  immediate,
  keepAll,
  makeFacts,
} from "@perfloc/trim";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { heapAfterPeak, run, smallChunks, steps } from "./support/heaps.js";
import { goes, says, stays, waits } from "./support/says.js";

test("T1 a plan lists every held chunk with action, length and reason", () => {
  const { heap } = heapAfterPeak();
  const { actions, policy } = new Trimmer(heap, immediate(), { clock: () => 42 }).plan();
  expect(policy).toBe("immediate()");
  expect(actions).toEqual(
    heap.arena.chunks.map((chunk) => ({
      chunkIndex: chunk.index,
      byteLength: chunk.byteLength,
      action: chunk.usedBytes > 0 ? "blocked" : "release",
      dueAt: chunk.usedBytes > 0 ? Infinity : 42,
      reason: chunk.usedBytes > 0 ? `${chunk.usedBytes} bytes of it are in use by "kept"` : "empty",
    })),
  );
  expect(actions.map(({ action }) => action)).toEqual(["blocked", "release", "release", "release"]);
});

test("T1 released chunks are not in the plan", () => {
  const { heap } = heapAfterPeak();
  heap.arena.releaseChunk(2);
  const { actions } = new Trimmer(heap, immediate()).plan();
  expect(actions.map(({ chunkIndex }) => chunkIndex)).toEqual([0, 1, 3]);
});

test("T2 every held byte is released, scheduled, kept or blocked", () => {
  fc.assert(
    fc.property(steps, fc.constantFrom(keepAll(), immediate(), decay()), (program, policy) => {
      const heap = new Heap(smallChunks);
      run(heap, program);
      const plan = new Trimmer(heap, policy).plan();
      const { releasedBytes, scheduledBytes, keptBytes, blockedBytes } = plan;
      expect(releasedBytes + scheduledBytes + keptBytes + blockedBytes).toBe(plan.heldBytes);
      expect(plan.heldBytes).toBe(heap.arena.stats().heldBytes);
    }),
  );
});

test("T3 a source that cannot give memory back blocks every chunk", () => {
  const real = new ArrayBufferSource();
  const source = {
    capabilities: { ...real.capabilities, name: "forever", canRelease: false },
    acquire: (byteLength: number) => real.acquire(byteLength),
    release: () => expect.unreachable(),
  };
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  const trimmer = new Trimmer(heap, immediate());
  const { actions, blockedBytes, heldBytes } = trimmer.plan();
  expect(blockedBytes).toBe(heldBytes);
  expect(actions.at(-1)).toMatchObject({
    action: "blocked",
    reason: "the forever source cannot give memory back",
  });
  expect(trimmer.trim().releasedBytes).toBe(0);
});

test("T3 a policy cannot release a chunk in use", () => {
  const { heap } = heapAfterPeak();
  const eager: TrimPolicy = {
    name: "eager",
    decide: ({ chunks }) =>
      chunks.map(({ chunkIndex }) => ({ chunkIndex, action: "release", reason: "all" })),
  };
  expect(new Trimmer(heap, eager).plan().actions[0]).toMatchObject({ action: "blocked" });
});

test("T3 at most three of the contexts in a chunk are named", () => {
  const heap = new Heap();
  for (const name of ["a", "b", "c", "d", "e"]) heap.open(name).alloc(8);
  const [action] = new Trimmer(heap, immediate()).plan().actions;
  expect(action?.reason).toBe('20480 bytes of it are in use by "a", "b", "c" and 2 more');
});

test("T4 planning changes nothing", () => {
  const { heap } = heapAfterPeak();
  const trimmer = new Trimmer(heap, decay(), { clock: () => 42 });
  const before = heap.arena.stats();
  const plan = trimmer.plan();
  expect(trimmer.plan()).toEqual(plan);
  expect(heap.arena.stats()).toEqual(before);
  expect(trimmer.stats()).toMatchObject({ trims: 0, releasedChunks: 0, releasedBytes: 0 });
});

test("T5 a policy sees the facts, and what it leaves out is kept", () => {
  const { heap } = heapAfterPeak();
  const seen: unknown[] = [];
  const silent: TrimPolicy = {
    name: "silent",
    decide: (facts) => {
      seen.push(facts);
      return [{ chunkIndex: 99, action: "release", reason: "no such chunk" }];
    },
  };
  const plan = new Trimmer(heap, silent, { clock: () => 42 }).plan();
  const { heldBytes, usedBytes } = heap.arena.stats();
  expect(seen).toMatchObject([{ now: 42, heldBytes, usedBytes, canRelease: true }]);
  expect(plan.releasedBytes).toBe(0);
  expect(plan.actions[1]).toMatchObject({
    action: "keep",
    reason: "silent did not decide about it",
  });
});

const NOW = 1000;

test.each([
  ["a release", goes("why"), "release", NOW],
  ["a release with a time", goes("why", 2000), "release", NOW],
  ["a wait", waits("why", 2000), "scheduled", 2000],
  ["a wait that is over now", waits("why", NOW), "release", NOW],
  ["a wait that was over", waits("why", 500), "release", NOW],
  ["a wait for no time", waits("why"), "keep", Infinity],
  ["a wait for ever", waits("why", Infinity), "keep", Infinity],
  ["a keep", stays("why"), "keep", Infinity],
  ["a keep with a look", stays("why", 2000), "keep", 2000],
  ["a keep with a look now", stays("why", NOW), "keep", Infinity],
  ["a keep with a look that was", stays("why", 500), "keep", Infinity],
] as const)("T1 what becomes of %s", (_, decision, action, dueAt) => {
  const heap = new Heap(smallChunks);
  const context = heap.open("gone");
  context.alloc(16);
  context.drop();
  const { actions, nextDueAt } = new Trimmer(heap, says(decision), { clock: () => NOW }).plan();
  expect(actions).toEqual([{ chunkIndex: 0, byteLength: 8192, action, dueAt, reason: "why" }]);
  expect(nextDueAt).toBe(action === "release" ? Infinity : dueAt);
});

test("T1 T2 a plan is due with its first chunk, wherever that is", () => {
  const { heap } = heapAfterPeak();
  for (const [lower, higher] of [
    [2000, 3000],
    [3000, 2000],
  ] as const) {
    const policy = says(
      { ...waits("lower", lower), chunkIndex: 1 },
      { ...stays("looks", 2500), chunkIndex: 2 },
      { ...waits("higher", higher), chunkIndex: 3 },
    );
    expect(new Trimmer(heap, policy, { clock: () => NOW }).plan()).toMatchObject({
      nextDueAt: 2000,
      releasedBytes: 0,
      scheduledBytes: 16_384 + 65_536,
      keptBytes: 32_768,
      blockedBytes: 8192,
    });
  }
});

test("T3 nothing is releasable in facts of a source that cannot give memory back", () => {
  const empty = { chunkIndex: 0, base: 0, byteLength: 8192, usedBytes: 0, spansCut: 1, epoch: 0 };
  expect(makeFacts(0, [empty], "forever", false).releasable).toEqual([]);
  expect(makeFacts(0, [empty], "lent", true).releasable).toEqual([empty]);
});
