import {
  Heap,
  type MemoryContext,
  type TrimPolicy,
  type TrimReport,
  Trimmer,
  allOf,
  anyOf,
  decay,
  defaultPolicy,
  immediate,
  keepAll,
  limit,
  peakWindow,
  retain,
  threshold,
  thrashGuard,
} from "@perfloc/trim";
import { FailingSource, randomFrom } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";
import { FakeClock } from "./support/fake-clock.js";
import { smallChunks } from "./support/heaps.js";

/** A tenth of a million for each policy, unless PERFLOC_MODEL_OPS asks for less than two million operations in all. */
const STEPS = Math.ceil(
  Math.min(1, Number(process.env["PERFLOC_MODEL_OPS"] ?? 2_000_000) / 2_000_000) * 100_000,
);

const policies: [string, () => TrimPolicy][] = [
  ["keepAll", () => keepAll()],
  ["immediate", () => immediate()],
  ["retain", () => retain({ bytes: 60_000 })],
  ["peakWindow", () => peakWindow({ windowMs: 300 })],
  ["decay", () => decay({ horizonMs: 400 })],
  ["exponential decay", () => decay({ horizonMs: 250, curve: "exponential" })],
  ["threshold", () => threshold({ dwellMs: 100 })],
  ["guarded", () => allOf(immediate(), thrashGuard())],
  ["default", () => defaultPolicy({ breakEvenMs: 400 })],
  ["limited", () => anyOf(decay({ horizonMs: 900 }), limit({ soft: 150_000, hard: 600_000 }))],
];

/** Fails now and then, allocates and trims while it releases, and counts every byte. */
class WildSource extends FailingSource {
  givenBytes = 0;
  takenBytes = 0;
  onRelease: () => void = () => {};
  failsNext = false;

  override acquire(byteLength: number): { buffer: ArrayBufferLike; byteOffset: number } {
    const range = super.acquire(byteLength);
    this.givenBytes += byteLength;
    return range;
  }

  override release(range: { readonly buffer: ArrayBufferLike }): void {
    this.onRelease();
    this.refusesRelease = this.failsNext;
    super.release(range);
    this.takenBytes += range.buffer.byteLength;
  }
}

/** An object with one byte repeated. */
interface LiveObject {
  readonly context: MemoryContext;
  readonly address: number;
  readonly byteLength: number;
  readonly fill: number;
}

test.each(policies)(`T9 T10 T11 T12 T13 T31 ${STEPS} random steps: %s`, (name, makePolicy) => {
  const seed = policies.findIndex(([other]) => other === name);
  const random = randomFrom(seed);
  const below = (end: number): number => Math.floor(random() * end);
  const source = new WildSource();
  const heap = new Heap({ ...smallChunks, source });
  const clock = new FakeClock();
  const pace = seed % 3 > 0 ? {} : { bytesPerSecond: 500_000, stepBytes: 70_000 };
  const trimmer = new Trimmer(heap, makePolicy(), { clock: clock.read, pace });
  const live: LiveObject[] = [];
  let nested = 0;

  function open(): void {
    const context = heap.open("c");
    const byteLength = 1 + below(below(4) === 0 ? 60_000 : 3000);
    const address = context.tryAlloc(byteLength);
    if (address === 0) return context.drop();
    const fill = 1 + below(255);
    context.bytes(address, byteLength).fill(fill);
    live.push({ context, address, byteLength, fill });
  }

  function drop(): void {
    const [gone] = live.splice(below(live.length), 1);
    if (gone === undefined) return;
    checkBytes(gone);
    gone.context.drop();
  }

  source.onRelease = () => {
    source.failsNext = below(20) === 0;
    if (below(10) > 0) return;
    nested++;
    open();
    drop();
    trimmer.tick();
    expect(() => trimmer.trim()).toThrow(
      expect.objectContaining({ code: "PERFLOC_TRIM_IN_PROGRESS" }),
    );
  };

  function checkedTrim(force: boolean): void {
    const before = nested;
    const plan = trimmer.plan();
    const used = heap.arena.chunks.map(({ usedBytes }) => usedBytes);
    const takenBytes = source.takenBytes;
    const report = trimmer.trim({ force });
    expect(sumOf(report)).toBe(plan.heldBytes);
    expect(report.releasedBytes).toBe(source.takenBytes - takenBytes);
    for (const { chunkIndex } of report.plan.actions.filter(({ action }) => action === "release"))
      expect(used[chunkIndex]).toBe(0);
    if (force) expect(report).toMatchObject({ scheduledBytes: 0, keptBytes: 0 });
    else expect(report.plan).toEqual(plan);
    if (nested === before && report.failures.length === 0 && !force)
      expect(trimmer.trim().releasedBytes).toBe(0);
  }

  for (let step = 0; step < STEPS; step++) {
    const dice = below(100);
    if (dice < 35 && live.length < 60) open();
    else if (dice < 65) drop();
    else if (dice < 70) while (live.length > 0) drop();
    else if (dice < 85) clock.pass(below(200));
    else if (dice < 86) clock.pass(-below(5000));
    else if (dice < 87) clock.pass(below(2) * 86_400_000);
    else if (dice < 94) expect(trimmer.tick()).toBeGreaterThan(-Infinity);
    else if (dice < 98) checkedTrim(below(8) === 0);
    else expect(trimmer.stats().ratioToOptimum).toBeGreaterThan(0.99);
    if (step % 5000 === 0) {
      heap.verify();
      live.forEach(checkBytes);
      const { heldBytes } = heap.arena.stats();
      expect(source.givenBytes - source.takenBytes).toBe(heldBytes);
    }
  }
  source.onRelease = () => {};
  source.failsNext = false;
  // Too few steps may come to no release that trims again.
  const mayNotNest = STEPS < 5000 || trimmer.stats().releasedChunks === 0;
  expect(nested > 0 || mayNotNest).toBe(true);
  heap.dispose();
  expect(source.live.size).toBe(0);
});

function sumOf(report: TrimReport): number {
  const { releasedBytes, scheduledBytes, keptBytes, blockedBytes } = report;
  const { failedBytes, overtakenBytes } = report;
  return releasedBytes + scheduledBytes + keptBytes + blockedBytes + failedBytes + overtakenBytes;
}

function checkBytes({ context, address, byteLength, fill }: LiveObject): void {
  const bytes = context.bytes(address, byteLength);
  if (bytes[0] !== fill || bytes[byteLength - 1] !== fill || bytes.some((byte) => byte !== fill))
    throw new Error(`an object of ${byteLength} bytes at ${address} was overwritten`);
}
