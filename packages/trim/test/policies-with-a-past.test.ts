import {
  Arena,
  Heap,
  InvalidOptionError,
  InvalidSizeError,
  LimitExceededError,
  Trimmer,
  allOf,
  anyOf,
  decay,
  defaultPolicy,
  immediate,
  keepAll,
  limit,
  patientDecay,
  peakWindow,
  retain,
  threshold,
  thrashGuard,
  type TrimPolicy,
} from "@perfloc/trim";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PaperHeap, PaperTrimmer } from "./support/facts.js";
import { heapAfterPeak } from "./support/heaps.js";

const KIB = 1024;
/** 8 KiB to 1 MiB, then equal ones. */
const LADDER = [8, 16, 32, 64, 128, 256, 512, 1024, 1024, 1024, 1024].map((kib) => kib * KIB);
const ALL = LADDER.reduce((sum, byteLength) => sum + byteLength, 0);

function afterPeak(policy: TrimPolicy, demand = 4 * KIB): PaperTrimmer {
  const heap = new PaperHeap(LADDER);
  const trimmer = new PaperTrimmer(heap, policy);
  heap.demand(ALL);
  trimmer.trimAt(0);
  heap.demand(demand);
  trimmer.trimAt(1000);
  return trimmer;
}

describe("peakWindow", () => {
  test("T19 keeps the peak of the window and a tenth more", () => {
    const trimmer = afterPeak(peakWindow({ windowMs: 5000 }), 950 * KIB);
    expect(trimmer.heap.heldBytes).toBe(ALL);
    trimmer.trimAt(5999);
    expect(trimmer.heap.heldBytes).toBe(ALL);
    trimmer.trimAt(6000 + 5000 / 16);
    // 1016 KiB below the chunk of 1024 KiB are less than 950 KiB and a tenth.
    expect(trimmer.heap.heldBytes).toBe((1016 + 1024) * KIB);
  });

  test("T19 a burst between two facts counts, though neither of them shows it", () => {
    const heap = new PaperHeap(LADDER);
    const trimmer = new PaperTrimmer(heap, peakWindow({ windowMs: 5000 }));
    heap.demand(4 * KIB);
    trimmer.trimAt(0);
    heap.demand(ALL);
    heap.demand(4 * KIB);
    expect(trimmer.trimAt(100)).toEqual([]);
    expect(trimmer.trimAt(5099)).toEqual([]);
    expect(trimmer.trimAt(5100 + 5000 / 16)).toHaveLength(10);
  });

  test("T19 demand that falls slowly is followed, a window later", () => {
    const heap = new PaperHeap(LADDER);
    const trimmer = new PaperTrimmer(heap, peakWindow({ windowMs: 5000, headroom: 0 }));
    for (let now = 0; now <= 60_000; now += 50) {
      heap.demand(ALL * (1 - now / 60_000));
      trimmer.trimAt(now);
      const peak = ALL * (1 - Math.max(0, now - 5000 - 5000 / 16 - 50) / 60_000);
      expect(heap.heldBytes - LADDER[Math.max(...heap.held)]!).toBeLessThanOrEqual(peak);
    }
  });
});

describe("decay", () => {
  test.each(["smootherstep", "exponential"] as const)(
    "T20 %s: what is kept is what the curve asks for, to half a chunk; the highest goes first, and all at the horizon",
    (curve) => {
      const trimmer = afterPeak(decay({ horizonMs: 10_000, curve }), 4 * KIB);
      const part = (x: number): number =>
        curve === "exponential"
          ? 1 - (Math.exp(x) - 1) / (Math.E - 1)
          : 1 - (6 * x ** 5 - 15 * x ** 4 + 10 * x ** 3);
      const empty = ALL - 8 * KIB;
      let lowest = LADDER.length;
      for (let now = 1000; now < 11_000; now += 10) {
        const gone = trimmer.trimAt(now);
        for (const index of gone) expect(index).toBe(--lowest);
        const left = trimmer.heap.heldBytes - 8 * KIB;
        const asked = empty * part((now - 1000) / 10_000);
        const released = LADDER[lowest] ?? 0;
        const next = lowest > 1 ? LADDER[lowest - 1]! : 0;
        expect(left).toBeGreaterThan(asked - released / 2 - empty / 1000);
        expect(left).toBeLessThan(asked + next / 2 + empty / 1000);
      }
      trimmer.trimAt(11_000);
      expect(trimmer.heap.heldBytes).toBe(8 * KIB);
    },
  );
});

/** Runs gaps of one chunk above a used one; answers how long it stayed held in a last, endless one. */
function heldAfterGaps(gaps: readonly number[]): number {
  const heap = new PaperHeap([64 * KIB, 64 * KIB]);
  const trimmer = new PaperTrimmer(heap, patientDecay());
  let now = 0;
  for (const gap of [...gaps, 100_000]) {
    heap.demand(128 * KIB);
    trimmer.trimAt(now);
    heap.demand(64 * KIB);
    const start = now;
    for (; now < start + gap; now += 10) {
      if (trimmer.trimAt(now).length > 0 && gap === 100_000) return now - start;
    }
  }
  throw new Error("it was never released");
}

describe("patientDecay", () => {
  test("T33 a chunk without a past goes after 6.4 seconds, half its horizon", () => {
    expect(heldAfterGaps([])).toBe(6400);
  });

  test("T33 one that was needed again soon goes later, up to three quarters of the break-even time", () => {
    expect(heldAfterGaps([5000])).toBe(6950);
    expect(heldAfterGaps([5000, 6000, 100, 100, 100, 100, 100, 100])).toBeGreaterThan(7450);
    expect(heldAfterGaps(Array.from({ length: 30 }, () => 50))).toBe(7500);
  });

  test("T33 one whose gaps were long goes sooner, down to a tenth of it", () => {
    expect(heldAfterGaps([10_010])).toBe(3700);
    const shortest = heldAfterGaps(Array.from({ length: 30 }, () => 20_000));
    expect(shortest).toBeGreaterThanOrEqual(1000);
    expect(shortest).toBeLessThanOrEqual(1010);
  });
});

describe("threshold", () => {
  test("T21 lets go when demand is at most theta of what stays", () => {
    expect(afterPeak(threshold(), 500 * KIB).heap.heldBytes).toBe(1016 * KIB);
    expect(afterPeak(threshold({ theta: 1 }), 500 * KIB).heap.heldBytes).toBe(504 * KIB);
    expect(afterPeak(threshold({ theta: 0.1 }), 500 * KIB).heap.heldBytes).toBe(ALL);
  });

  test("T21 and has been for the dwell", () => {
    const trimmer = afterPeak(threshold({ dwellMs: 3000 }), 500 * KIB);
    expect(trimmer.trimAt(3999)).toEqual([]);
    trimmer.trimAt(4000 + 3000 / 16);
    expect(trimmer.heap.heldBytes).toBe(1016 * KIB);
  });
});

/** Random demands, each for some time. */
const programs = fc.array(
  fc.record({ bytes: fc.integer({ min: 0, max: ALL }), ms: fc.integer({ min: 0, max: 20_000 }) }),
  { maxLength: 80 },
);
/** Demands that tremble around the ends of chunks. */
const tremblings = fc.array(
  fc.record({
    bytes: fc
      .tuple(fc.integer({ min: 1, max: LADDER.length - 1 }), fc.integer({ min: -4096, max: 4096 }))
      .map(([count, off]) => LADDER.slice(0, count).reduce((a, b) => a + b, 0) + off),
    ms: fc.integer({ min: 0, max: 20_000 }),
  }),
  { maxLength: 80 },
);

test.each([
  ["immediate, guarded", () => allOf(immediate(), thrashGuard())],
  ["decay, guarded", () => allOf(decay({ horizonMs: 2000 }), thrashGuard({ theta: 0.3 }))],
  ["the default", () => defaultPolicy()],
] as const)("T22 what comes back is at most twice what demand rose by: %s", (_, make) => {
  fc.assert(
    fc.property(fc.oneof(programs, tremblings), (program) => {
      const heap = new PaperHeap(LADDER);
      const trimmer = new PaperTrimmer(heap, make());
      let now = 0;
      for (const { bytes, ms } of program) {
        heap.demand(bytes);
        trimmer.trimAt((now += ms / 2));
        trimmer.trimAt((now += ms / 2));
        expect(heap.recommittedBytes).toBeLessThanOrEqual(2 * heap.risenBytes);
      }
    }),
  );
});

test("T22 demand that trembles around the end of a chunk uses up the credit, and the chunk stays", () => {
  const heap = new PaperHeap([64, 64].map((kib) => kib * KIB));
  const trimmer = new PaperTrimmer(heap, thrashGuard());
  const gone: number[] = [];
  for (let step = 0; step < 20; step++) {
    heap.demand(64 * KIB + (step % 2));
    gone.push(...trimmer.trimAt(step));
  }
  // Demand rose by 64 KiB and a little: the credit is 128 KiB and a little.
  expect(gone).toEqual([1, 1]);
  expect([heap.recommittedBytes, heap.heldBytes]).toEqual([128 * KIB, 128 * KIB]);
  // When demand falls by half the chunk may go all the same.
  heap.demand(32 * KIB);
  expect(trimmer.trimAt(20)).toEqual([1]);
});

test("T22 without the guard it is more", () => {
  const heap = new PaperHeap(LADDER);
  const trimmer = new PaperTrimmer(heap, immediate());
  for (let round = 0; round < 20; round++) {
    heap.demand(1016 * KIB + 1);
    heap.demand(1016 * KIB);
    trimmer.trimAt(round);
  }
  expect(heap.recommittedBytes).toBeGreaterThan(2 * heap.risenBytes);
});

describe("limit", () => {
  test("T23 above the soft limit everything empty goes, the largest first; below nothing", () => {
    const above = limit({ soft: 100 * KIB });
    expect(above.decide(afterPeak(keepAll()).heap.factsAt(0), undefined)[0]).toMatchObject({
      chunkIndex: 10,
      action: "release",
    });
    expect(afterPeak(above).heap.heldBytes).toBe(8 * KIB);
    expect(afterPeak(limit({ soft: ALL })).heap.heldBytes).toBe(ALL);
    expect(afterPeak(limit({})).heap.heldBytes).toBe(ALL);
  });

  test("T23 both limits may be the same", () => {
    expect(limit({ soft: 1000, hard: 1000 }).hardLimitBytes).toBe(1000);
  });

  test("T23 the hard limit becomes the arena's: what is empty goes before growth is refused", () => {
    const { heap } = heapAfterPeak();
    expect(heap.arena.stats().heldBytes).toBe(122_880);
    const policy = anyOf(decay(), limit({ hard: 200 * KIB }));
    expect(new Trimmer(heap, policy).policy.hardLimitBytes).toBe(200 * KIB);
    expect(heap.arena.maxBytes).toBe(200 * KIB);
    const context = heap.open("large");
    context.alloc(150_000);
    expect(() => context.alloc(100_000)).toThrow(LimitExceededError);
    heap.verify();
  });

  test("T23 a trimmer that is disposed gives the arena its limit back, unless that was changed since", () => {
    const { heap } = heapAfterPeak();
    const before = heap.arena.maxBytes;
    const first = new Trimmer(heap, limit({ hard: 200 * KIB }));
    expect(heap.arena.maxBytes).toBe(200 * KIB);
    first[Symbol.dispose]();
    expect(heap.arena.maxBytes).toBe(before);
    const second = new Trimmer(heap, limit({ hard: 200 * KIB }));
    heap.arena.setLimit(300 * KIB);
    second[Symbol.dispose]();
    expect(heap.arena.maxBytes).toBe(300 * KIB);
  });

  test("T23 it does not raise a limit that the arena has", () => {
    const heap = new Heap({ maxBytes: 100 * KIB });
    void new Trimmer(heap, limit({ hard: 200 * KIB }));
    expect(heap.arena.maxBytes).toBe(100 * KIB);
  });
});

describe("policies of policies", () => {
  const facts = afterPeak(keepAll()).heap.factsAt(500);
  const first = (policy: TrimPolicy): unknown =>
    policy.decide(facts, policy.observe?.(policy.initialState, facts))[0]?.action;

  test("T24 allOf needs all of them, and waits for the last", () => {
    expect(first(allOf(immediate(), immediate()))).toBe("release");
    expect(first(allOf(immediate(), keepAll()))).toBe("keep");
    expect(first(allOf(immediate(), decay()))).toBe("wait");
    const both = allOf(decay({ horizonMs: 1000 }), decay({ horizonMs: 9000 }));
    const slow = decay({ horizonMs: 9000 });
    expect(both.decide(facts, both.observe?.(both.initialState, facts))[0]).toEqual(
      slow.decide(facts, slow.observe!(slow.initialState, facts))[0],
    );
  });

  test("T24 anyOf needs one, and goes with the first", () => {
    expect(first(anyOf(keepAll(), immediate()))).toBe("release");
    expect(first(anyOf(keepAll(), decay()))).toBe("wait");
    expect(first(anyOf(keepAll(), keepAll()))).toBe("keep");
  });

  test("T24 a part that does not decide about a chunk keeps it, and one that waits for no time never goes", () => {
    const silent: TrimPolicy = { name: "silent", decide: () => [] };
    const endless: TrimPolicy = {
      name: "endless",
      decide: ({ releasable }) =>
        releasable.map(({ chunkIndex }) => ({ chunkIndex, action: "wait", reason: "waits" })),
    };
    expect(allOf(immediate(), silent).decide(facts, [])[0]).toMatchObject({
      action: "keep",
      reason: "silent did not decide about it",
    });
    expect(first(anyOf(silent, immediate()))).toBe("release");
    expect(allOf(immediate(), endless).decide(facts, [])[0]).toMatchObject({ reason: "waits" });
    expect(first(anyOf(endless, decay()))).toBe("wait");
    expect(first(anyOf(endless, immediate()))).toBe("release");
  });

  test("T24 names and the lowest hard limit come from the parts", () => {
    const policy = anyOf(allOf(keepAll(), limit({ hard: 5000 })), limit({ hard: 9000 }));
    expect(policy.name).toBe(
      "anyOf(allOf(keepAll(), limit({ soft: undefined, hard: 5000 })), limit({ soft: undefined, hard: 9000 }))",
    );
    expect(policy.hardLimitBytes).toBe(5000);
  });
});

test("T5 all policies are pure: the same facts and state give the same answers, and change neither", () => {
  const policies: TrimPolicy[] = [
    keepAll(),
    immediate(),
    retain({ bytes: 1 }),
    peakWindow(),
    decay(),
    patientDecay(),
    threshold({ dwellMs: 100 }),
    thrashGuard(),
    limit({ soft: 1 }),
    defaultPolicy(),
    anyOf(peakWindow(), limit({ soft: 5 })),
  ];
  for (const policy of policies) {
    const heap = new PaperHeap(LADDER);
    let state = policy.initialState;
    for (const [now, demand] of [0, ALL, 100, ALL / 2, 0].entries()) {
      heap.demand(demand);
      const facts = heap.factsAt(now * 3000);
      const frozen = structuredClone([facts, state]);
      const next = policy.observe?.(state, facts);
      expect(policy.observe?.(state, facts)).toEqual(next);
      const decisions = policy.decide(facts, next);
      expect(policy.decide(facts, next)).toEqual(decisions);
      expect(new Set(decisions.map(({ chunkIndex }) => chunkIndex))).toEqual(
        new Set(facts.releasable.map(({ chunkIndex }) => chunkIndex)),
      );
      expect([facts, state]).toEqual(frozen);
      state = next;
    }
  }
});

test.each([decay(), patientDecay(), peakWindow(), threshold()])(
  "T5 a policy with a past that has seen nothing yet keeps nothing: $name",
  (policy) => {
    const facts = afterPeak(keepAll()).heap.factsAt(500);
    const decisions = policy.decide(facts, policy.initialState);
    expect(decisions).toHaveLength(facts.releasable.length);
    for (const { action } of decisions) expect(action).toBe("release");
  },
);

describe("nonsense", () => {
  const bad: [string, () => unknown][] = [
    ["a window of 0", () => peakWindow({ windowMs: 0 })],
    ["a window of NaN", () => peakWindow({ windowMs: Number.NaN })],
    ["an endless window", () => peakWindow({ windowMs: Infinity })],
    ["negative headroom", () => peakWindow({ headroom: -0.1 })],
    ["a horizon of -1", () => decay({ horizonMs: -1 })],
    ["a horizon of 2^31", () => decay({ horizonMs: 2 ** 31 })],
    ["a break-even time of 0", () => patientDecay({ breakEvenMs: 0 })],
    ["an unknown curve", () => decay({ curve: "linear" as "smootherstep" })],
    ["theta of 0", () => threshold({ theta: 0 })],
    ["theta of 2", () => threshold({ theta: 2 })],
    ["a guard with theta of 0.6", () => thrashGuard({ theta: 0.6 })],
    ["a negative dwell", () => threshold({ dwellMs: -1 })],
    ["a negative soft limit", () => limit({ soft: -1 })],
    ["a soft limit of 2^32 + 1", () => limit({ soft: 2 ** 32 + 1 })],
    ["a hard limit of 0", () => limit({ hard: 0 })],
    ["a hard limit of 1.5", () => limit({ hard: 1.5 })],
    ["hard below soft", () => limit({ soft: 2000, hard: 1000 })],
    ["no policies", () => allOf()],
    ["no policy", () => anyOf(immediate(), undefined as unknown as TrimPolicy)],
    ["options of null", () => decay(null as never)],
    ["options of a number", () => retain(5 as never)],
    ["options of a number where all have defaults", () => decay(5 as never)],
    ["a horizon that is a string", () => decay({ horizonMs: "5" as never })],
    ["a pace of 0", () => trimmerWith({ pace: { bytesPerSecond: 0 } })],
    ["a pace of NaN", () => trimmerWith({ pace: { bytesPerSecond: Number.NaN } })],
    ["a step of -1", () => trimmerWith({ pace: { stepBytes: -1 } })],
    ["a step that is a string", () => trimmerWith({ pace: { stepBytes: "5" as never } })],
    ["a pace of null", () => trimmerWith({ pace: null as never })],
    ["pressure below -1", () => trimmerWith({ pressure: { belowBytes: -1 } })],
    [
      "pressure that is no function",
      () => trimmerWith({ pressure: { availableBytes: 5 as never } }),
    ],
  ];

  test.each(bad)("T18 %s", (_, attempt) => {
    const error: unknown = thrownBy(attempt);
    expect(error instanceof InvalidOptionError || error instanceof InvalidSizeError).toBe(true);
    expect(error).toMatchObject({ code: "PERFLOC_TRIM_INVALID_OPTION" });
  });
});

function trimmerWith(options: ConstructorParameters<typeof Trimmer>[2]): Trimmer {
  return new Trimmer(new Heap({ arena: new Arena() }), keepAll(), options);
}

function thrownBy(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  return undefined;
}
