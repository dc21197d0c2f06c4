import {
  BREAK_EVEN_MS,
  EMPTY_LEDGER,
  Heap,
  type TrimLedger,
  Trimmer,
  immediate,
  keepAll,
  observeLedger,
  ratioToOptimum,
} from "@perfloc/trim";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { FakeClock } from "./support/fake-clock.js";
import { PaperHeap } from "./support/facts.js";

/** Runs `step`s one after the other, each at its time, and looks after each. */
function ledgerAfter(...steps: readonly (readonly [number, (heap: PaperHeap) => void])[]): {
  ledger: TrimLedger;
  ratio: number;
} {
  const heap = new PaperHeap([4096, 8192]);
  let ledger = EMPTY_LEDGER;
  for (const [now, step] of steps) {
    step(heap);
    ledger = observeLedger(ledger, heap.factsAt(now));
  }
  return { ledger, ratio: ratioToOptimum(ledger) };
}

const fill = (heap: PaperHeap): void => heap.demand(12_288);
const drain = (heap: PaperHeap): void => heap.demand(4096);
const giveBack = (heap: PaperHeap): void => heap.release(1);
const touch = (heap: PaperHeap): void => heap.touch(1);
/** Later than the break-even time, so that times and lengths of time cannot be mistaken for each other. */
const START = 50_000;

const LADDER = [4096, 8192, 16_384, 32_768];
const ALL = 61_440;

test("T30 holding what is not needed costs rent, a release its price", () => {
  const heap = new Heap({ initialChunkBytes: 8192, maxChunkBytes: 65_536 });
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, keepAll(), { clock: clock.read });
  const burst = heap.open("burst");
  burst.alloc(5000);
  trimmer.trim();
  burst.drop();
  trimmer.trim();
  const held = heap.arena.stats().heldBytes;
  clock.pass(4000);
  expect(trimmer.stats()).toMatchObject({ idleByteSeconds: 4 * held, ratioToOptimum: 1 });
  clock.pass(16_000);
  expect(trimmer.stats()).toMatchObject({
    idleByteSeconds: 20 * held,
    ratioToOptimum: 2,
    wastedBytes: held,
  });
  trimmer.trim({ force: true });
  expect(trimmer.stats()).toMatchObject({
    releasedBytes: held,
    ratioToOptimum: 3,
    recommittedBytes: 0,
  });
  clock.pass(2000);
  heap.open("again").alloc(5000);
  trimmer.trim();
  expect(trimmer.stats()).toMatchObject({
    recommittedBytes: held,
    regretBytes: held,
    ratioToOptimum: 3,
  });
});

test("T30 giving back at once is perfect when nothing comes back", () => {
  const heap = new Heap();
  const clock = new FakeClock();
  const trimmer = new Trimmer(heap, immediate(), { clock: clock.read });
  heap.open("burst").alloc(1e6);
  trimmer.trim();
  for (const chunk of heap.arena.chunks)
    for (const context of heap.contextsIn(chunk)) context.drop();
  trimmer.trim();
  clock.pass(1e6);
  expect(trimmer.stats()).toMatchObject({ idleByteSeconds: 0, ratioToOptimum: 1, wastedBytes: 0 });
});

test("T30 the ledger agrees with a count of every millisecond", () => {
  const step = fc.record({
    demand: fc.integer({ min: 0, max: ALL }),
    ms: fc.integer({ min: 1, max: 15_000 }),
    drops: fc.array(fc.nat(3), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (program) => {
      const heap = new PaperHeap(LADDER);
      let ledger = EMPTY_LEDGER;
      let now = 0;
      let rent = 0;
      let price = 0;
      let optimum = 0;
      const gaps = LADDER.map(() => 0);
      const wasHeld = LADDER.map(() => false);
      const endGap = (index: number): void => {
        optimum += LADDER[index]! * Math.min(gaps[index]!, BREAK_EVEN_MS);
        gaps[index] = 0;
      };
      for (const { demand, ms, drops } of program) {
        heap.demand(demand);
        let base = 0;
        const isNeeded = LADDER.map((byteLength) => (base += byteLength) - byteLength < demand);
        for (const [index, needed] of isNeeded.entries()) if (needed) endGap(index);
        ledger = observeLedger(ledger, heap.factsAt(now));
        for (const index of drops) {
          if (isNeeded[index] === true || !heap.held.has(index)) continue;
          heap.release(index);
          price += LADDER[index]! * BREAK_EVEN_MS;
        }
        ledger = observeLedger(ledger, heap.factsAt(now));
        for (const [index, byteLength] of LADDER.entries()) {
          wasHeld[index] ||= heap.held.has(index);
          if (isNeeded[index] === true || !wasHeld[index]) continue;
          gaps[index]! += ms;
          if (heap.held.has(index)) rent += byteLength * ms;
        }
        now += ms;
      }
      ledger = observeLedger(ledger, heap.factsAt(now));
      for (const index of LADDER.keys()) endGap(index);
      expect(ledger.idleByteMs).toBe(rent);
      expect(ledger.releasedBytes * BREAK_EVEN_MS).toBe(price);
      expect(ledger.recommittedBytes).toBe(heap.recommittedBytes);
      expect(ratioToOptimum(ledger)).toBeCloseTo(optimum === 0 ? 1 : (rent + price) / optimum, 9);
    }),
  );
});

test("T30 what was held for more than ten seconds was wasted, also when it is used again", () => {
  for (const [gapMs, wasted] of [
    [2000, 0],
    [10_000, 0],
    [10_001, 8192],
  ] as const) {
    const { ledger } = ledgerAfter([START, fill], [START, drain], [START + gapMs, fill]);
    expect(ledger).toMatchObject({ wastedBytes: wasted, recommittedBytes: 0, regretBytes: 0 });
  }
});

test("T30 a chunk that is still held, or was released in time, is wasted only after ten seconds", () => {
  const heap = new Heap({ initialChunkBytes: 8192, maxChunkBytes: 8192 });
  const clock = new FakeClock();
  clock.pass(START);
  const trimmer = new Trimmer(heap, keepAll(), { clock: clock.read });
  const burst = heap.open("burst");
  burst.alloc(100);
  burst.drop();
  trimmer.trim();
  clock.pass(10_000);
  expect(trimmer.stats().wastedBytes).toBe(0);
  trimmer.trim({ force: true });
  clock.pass(10_000);
  expect(trimmer.stats().wastedBytes).toBe(0);
});

test("T30 what comes back within ten seconds was given back too early, later not", () => {
  for (const [awayMs, regret] of [
    [10_000, 8192],
    [10_001, 0],
  ] as const) {
    const away = START + 1000;
    const { ledger } = ledgerAfter(
      [START, fill],
      [START, drain],
      [away, giveBack],
      [away + awayMs, fill],
    );
    expect(ledger).toMatchObject({
      releasedBytes: 8192,
      recommittedBytes: 8192,
      regretBytes: regret,
      wastedBytes: 0,
    });
  }
});

test("T30 a span that came and went between two looks ends a gap, and another begins", () => {
  const { ledger, ratio } = ledgerAfter(
    [START, fill],
    [START, drain],
    [START + 6000, touch],
    [START + 12_000, () => {}],
  );
  // Held for twice six seconds: that was best, and nothing was wasted.
  expect(ratio).toBe(1);
  expect(ledger.gaps.get(1)).toMatchObject({ since: START + 6000, releasedAt: undefined });
  expect(ledger).toMatchObject({ idleByteMs: 12_000 * 8192, optimalByteMs: 6000 * 8192 });
});

test("T30 what somebody else gave back, and what came back before anybody looked, has its price", () => {
  const { ledger, ratio } = ledgerAfter(
    [START, fill],
    [START, drain],
    [START + 5000, giveBackAndFill],
  );
  expect(ledger).toMatchObject({
    releasedBytes: 8192,
    recommittedBytes: 8192,
    regretBytes: 8192,
    wastedBytes: 0,
    optimalByteMs: 5000 * 8192,
  });
  // Five seconds of rent and a price of ten, where five seconds of rent were enough.
  expect(ratio).toBe(3);

  function giveBackAndFill(heap: PaperHeap): void {
    giveBack(heap);
    fill(heap);
  }
});
