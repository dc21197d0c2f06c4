import {
  InvalidOptionError,
  InvalidSizeError,
  ReleaseFailedError,
  Trimmer,
  type TrimPolicy,
  Arena,
  Heap,
  immediate,
  keepAll,
  retain,
} from "@perfloc/trim";
import { FailingSource, badSizes } from "@perfloc-tooling/testkit";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { heapAfterPeak, run, smallChunks, steps } from "./support/heaps.js";

const policies: fc.Arbitrary<TrimPolicy> = fc.oneof(
  fc.constantFrom(keepAll(), immediate()),
  fc.nat({ max: 300_000 }).map((bytes) => retain({ bytes })),
);

/** Held length of each chunk, by index. */
function heldLengths(heap: Heap): number[] {
  return heap.arena.chunks.map((chunk) => chunk.byteLength);
}

test("T9, T10, T11, T13: a trim does what was planned, to the byte, and live objects do not notice", () => {
  fc.assert(
    fc.property(steps, policies, steps, (before, policy, after) => {
      const heap = new Heap(smallChunks);
      const live = run(heap, before);
      const trimmer = new Trimmer(heap, policy, { clock: () => 0 });
      const plan = trimmer.plan();
      const lengths = heldLengths(heap);
      const heldBefore = heap.arena.stats().heldBytes;

      const report = trimmer.trim();
      expect(report.plan).toEqual(plan);
      expect(report).toMatchObject({ failedBytes: 0, failures: [] });
      const { releasedBytes, keptBytes, blockedBytes } = report;
      expect([releasedBytes, keptBytes, blockedBytes]).toEqual([
        plan.releasedBytes,
        plan.keptBytes,
        plan.blockedBytes,
      ]);
      expect(heap.arena.stats().heldBytes).toBe(heldBefore - releasedBytes);
      for (const { chunkIndex, action } of plan.actions) {
        expect(heap.arena.chunks[chunkIndex]?.byteLength).toBe(
          action === "release" ? 0 : lengths[chunkIndex],
        );
      }
      expect(trimmer.trim().releasedBytes).toBe(0);

      run(heap, after);
      heap.verify();
      for (const { context, address, byteLength, fill } of live) {
        expect(context.bytes(address, byteLength).every((byte) => byte === fill)).toBe(true);
      }
    }),
  );
});

test("T12 a release that fails is reported, and tried again by the next trim", () => {
  const source = new FailingSource();
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  const trimmer = new Trimmer(heap, immediate());
  const heldBefore = heap.arena.stats().heldBytes;

  source.refusesRelease = true;
  const failed = trimmer.trim();
  expect(failed.releasedBytes).toBe(0);
  expect(failed.failedBytes).toBe(failed.plan.releasedBytes);
  expect(failed.failures.map(({ chunkIndex }) => chunkIndex)).toEqual([3, 2, 1]);
  expect(failed.failures[0]?.error).toBeInstanceOf(ReleaseFailedError);
  expect(heap.arena.stats().heldBytes).toBe(heldBefore);
  heap.verify();

  source.refusesRelease = false;
  expect(trimmer.trim().releasedBytes).toBe(failed.failedBytes);
  expect(trimmer.stats()).toMatchObject({
    trims: 2,
    releasedChunks: 3,
    releasedBytes: failed.failedBytes,
    failedReleases: 3,
  });
});

test("T12, T10: one failure among several releases stops none of the others", () => {
  const source = new FailingSource();
  const { heap } = heapAfterPeak({ ...smallChunks, source });
  const stuck = heap.arena.chunks[2]?.u8.buffer;
  const release = source.release.bind(source);
  source.release = (range) => {
    if (range.buffer === stuck) throw new Error("stuck");
    release(range);
  };
  const { plan, releasedBytes, keptBytes, blockedBytes, failedBytes } = new Trimmer(
    heap,
    immediate(),
  ).trim();
  expect(heldLengths(heap)).toEqual([8192, 0, 32_768, 0]);
  expect(failedBytes).toBe(32_768);
  expect(releasedBytes + keptBytes + blockedBytes + failedBytes).toBe(plan.heldBytes);
});

test("T8 T12 the largest chunk goes first, of equal ones the higher", () => {
  const source = new FailingSource();
  const options = { initialChunkBytes: 8192, maxChunkBytes: 16_384, source };
  const { heap, kept } = heapAfterPeak(options);
  kept.drop();
  source.refusesRelease = true;
  const { failures } = new Trimmer(heap, immediate()).trim();
  const indices = heap.arena.chunks.map(({ index }) => index);
  expect(failures.length).toBeGreaterThan(4);
  expect(failures.map(({ chunkIndex }) => chunkIndex)).toEqual(indices.toReversed());
});

test("T12 an error that is not the source's ends the trim, and the next one works", () => {
  const { heap } = heapAfterPeak();
  const trimmer = new Trimmer(heap, immediate());
  const broken = vi.spyOn(heap.arena, "releaseChunk").mockImplementation(() => {
    throw new TypeError("not the source's");
  });
  expect(() => trimmer.trim()).toThrow(TypeError);
  broken.mockRestore();
  expect(trimmer.trim().releasedBytes).toBe(114_688);
  heap.verify();
});

test("T3 a report names each context that blocks a chunk, once, and no other", () => {
  const { heap, kept } = heapAfterPeak();
  const wide = heap.open("wide", { kind: "bump", maxChunkBytes: 8192 });
  for (let count = 0; count < 20; count++) wide.alloc(1024);
  expect(heap.arena.chunks.filter((chunk) => heap.contextsIn(chunk).includes(wide))).toHaveLength(
    2,
  );
  heap.open("idle");
  const trimmer = new Trimmer(heap, immediate());
  const { blockedBy, blockedBytes } = trimmer.trim();
  expect(new Set(blockedBy)).toEqual(new Set([kept, wide]));
  expect([blockedBy.length, blockedBytes]).toEqual([2, heap.arena.stats().heldBytes]);
  kept.drop();
  wide.drop();
  expect(trimmer.trim().blockedBy).toEqual([]);
});

test("T10 a chunk that a source uses while another is released is overtaken, not blocked", () => {
  const source = new FailingSource();
  const { heap, kept } = heapAfterPeak({ ...smallChunks, source });
  const release = source.release.bind(source);
  source.release = (range) => {
    source.release = release;
    heap.open("late").alloc(20_000);
    release(range);
  };
  const { plan, blockedBy, ...report } = new Trimmer(heap, immediate()).trim();
  expect(plan.heldBytes).toBe(122_880);
  expect(report).toMatchObject({
    releasedBytes: 65_536 + 16_384,
    overtakenBytes: 32_768,
    blockedBytes: 8192,
    failures: [],
  });
  expect(blockedBy.map(({ name }) => name)).toEqual([kept.name]);
});

test("T14 a released chunk comes back under the same addresses", () => {
  const { heap } = heapAfterPeak();
  const bases = heap.arena.chunks.map((chunk) => chunk.base);
  const lengths = heldLengths(heap);
  new Trimmer(heap, immediate()).trim();
  const again = heap.open("again", { kind: "bump", maxChunkBytes: 8192 });
  for (let count = 0; count < 90; count++) again.alloc(1024);
  expect(heap.arena.chunks.map((chunk) => chunk.base)).toEqual(bases);
  expect(heldLengths(heap)).toEqual(lengths);
});

test("T15 nothing is released without a call", () => {
  const { heap, kept } = heapAfterPeak();
  const { heldBytes } = heap.arena.stats();
  const trimmer = new Trimmer(heap, immediate());
  kept.drop();
  expect(heap.arena.stats().heldBytes).toBe(heldBytes);
  expect(trimmer.trim().releasedBytes).toBe(heldBytes);
  expect(heap.arena.stats()).toMatchObject({ heldBytes: 0, heldChunks: 0 });
});

test("T16 stats add up over trims", () => {
  const { heap, kept } = heapAfterPeak();
  const trimmer = new Trimmer(heap, immediate());
  const first = trimmer.trim().releasedBytes;
  kept.drop();
  const second = trimmer.trim().releasedBytes;
  expect(trimmer.stats()).toMatchObject({
    trims: 2,
    releasedChunks: 4,
    releasedBytes: first + second,
    failedReleases: 0,
  });
  expect(heap.arena.stats().releasedBytesTotal).toBe(first + second);
});

test("T17 chunks that another heap on the arena uses are blocked", () => {
  const arena = new Arena(smallChunks);
  const mine = new Heap({ arena });
  const other = new Heap({ arena });
  other.open("other").alloc(20_000);
  const trimmer = new Trimmer(mine, immediate());
  const usedChunks = arena.chunks.filter((chunk) => chunk.usedBytes > 0);
  expect(usedChunks).toHaveLength(1);
  const reason = `${usedChunks[0]?.usedBytes} bytes of it are in use`;
  expect(trimmer.plan().actions).toContainEqual(
    expect.objectContaining({ chunkIndex: usedChunks[0]?.index, action: "blocked", reason }),
  );
  expect(trimmer.trim().blockedBytes).toBe(usedChunks[0]?.byteLength);
  other.verify();
});

test("T17 a disposed heap has nothing to plan", () => {
  const { heap } = heapAfterPeak();
  heap.dispose();
  const { plan, releasedBytes } = new Trimmer(heap, immediate()).trim();
  expect(plan).toMatchObject({ heldBytes: 0, actions: [] });
  expect(releasedBytes).toBe(0);
});

test("T16 a report says how long the trim took by the clock", () => {
  const { heap } = heapAfterPeak();
  let now = 100;
  const clock = (): number => (now += 5);
  expect(new Trimmer(heap, immediate(), { clock }).trim().durationMs).toBe(5);
  expect(new Trimmer(heap, immediate()).trim().durationMs).toBeGreaterThanOrEqual(0);
});

test("T18 what is no heap, policy or clock is refused", () => {
  const { heap } = heapAfterPeak();
  const notThere = undefined as unknown;
  const attempts = [
    () => new Trimmer({} as Heap, immediate()),
    () => new Trimmer(notThere as Heap, immediate()),
    () => new Trimmer(heap, null as unknown as TrimPolicy),
    () => new Trimmer(heap, immediate as unknown as TrimPolicy),
    () => new Trimmer(heap, immediate(), { clock: 5 as unknown as () => number }),
  ];
  for (const attempt of attempts) {
    expect(attempt).toThrow(InvalidOptionError);
    expect(attempt).toThrow(expect.objectContaining({ code: "PERFLOC_TRIM_INVALID_OPTION" }));
  }
});

test.each(badSizes.filter((bytes) => bytes !== 2 ** 31))("T18 retain refuses %s bytes", (bytes) => {
  const attempt = (): TrimPolicy => retain({ bytes });
  expect(attempt).toThrow(InvalidSizeError);
  expect(attempt).toThrow(expect.objectContaining({ code: "PERFLOC_TRIM_INVALID_OPTION" }));
});

test("T34 what was freed one by one can go after heap.reclaim(), and not before", () => {
  using heap = new Heap(smallChunks);
  const context = heap.open("a", { maxChunkBytes: 8192 });
  const addresses = Array.from({ length: 8000 }, () => context.alloc(64));
  for (const address of addresses) context.free(address);
  const trimmer = new Trimmer(heap, immediate());
  expect(trimmer.trim()).toMatchObject({ releasedBytes: 0, blockedBy: [context] });
  const heldBefore = heap.arena.stats().heldBytes;
  const reclaimedBytes = heap.reclaim();
  const { releasedBytes } = trimmer.trim();
  expect(releasedBytes).toBeGreaterThan(heldBefore / 2);
  expect(releasedBytes).toBeLessThanOrEqual(reclaimedBytes);
  heap.verify();
});
