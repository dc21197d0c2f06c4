import {
  ArrayBufferSource,
  Heap,
  Trimmer,
  type TrimPolicy,
  decay,
  immediate,
  keepAll,
} from "@perfloc/trim";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { heapAfterPeak, run, smallChunks, steps } from "./support/heaps.js";

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
