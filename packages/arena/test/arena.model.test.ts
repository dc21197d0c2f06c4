import { randomFrom } from "@perfloc-tooling/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArenaModel, type ModelOptions, type Operation } from "./arena-model.js";

const PAGE = 4096;
// They take two seconds each, on a busy machine more.
/** Another one with `PERFLOC_SEED=... vitest`. */
const seed = Number(process.env["PERFLOC_SEED"] ?? 1);

/** Programs of each arena; fewer when PERFLOC_MODEL_OPS asks for less than the two million operations of all packages. */
const share = Math.min(1, Number(process.env["PERFLOC_MODEL_OPS"] ?? 2_000_000) / 2_000_000);
const SMALL_PROGRAMS = Math.ceil(20 * share);
const LARGE_PROGRAMS = Math.ceil(5 * share);

/** Every shape of ladder, small enough to verify after each operation. */
const smallArenas: readonly ModelOptions[] = [
  { initialChunkBytes: PAGE, maxChunkBytes: PAGE, maxBytes: 24 * PAGE },
  { initialChunkBytes: PAGE, maxChunkBytes: 8 * PAGE, maxBytes: 40 * PAGE },
  { initialChunkBytes: 2 * PAGE, maxChunkBytes: 4 * PAGE, maxBytes: 37 * PAGE + 5 },
  { initialChunkBytes: 4 * PAGE, maxChunkBytes: 16 * PAGE, maxBytes: 64 * PAGE },
  { initialChunkBytes: 8 * PAGE, maxChunkBytes: 8 * PAGE, maxBytes: 60 * PAGE },
];

const largeArenas: readonly ModelOptions[] = [
  { initialChunkBytes: 8 * PAGE, maxChunkBytes: 64 * PAGE, maxBytes: 1024 * PAGE },
  { initialChunkBytes: 16 * PAGE, maxChunkBytes: 128 * PAGE, maxBytes: 1100 * PAGE },
];

/** Grows and drains in waves, so that chunks come and go. */
function randomOperation(random: () => number, step: number, longestPages: number): Operation {
  const isGrowing = step % 400 < 220;
  const roll = random();
  const byteLength = 1 + Math.floor(random() ** 3 * longestPages * PAGE);
  if (roll < (isGrowing ? 0.3 : 0.1)) return { kind: "reserve", byteLength };
  if (roll < (isGrowing ? 0.46 : 0.19)) {
    const pageCount = Math.ceil(byteLength / PAGE);
    return { kind: "reserveOwned", pageCount, hasCells: random() < 0.5 };
  }
  if (roll < (isGrowing ? 0.49 : 0.22))
    return { kind: "reserveToGrow", pageCount: 1 + Math.floor(random() * 6) };
  if (roll < 0.56) return { kind: "release", pick: random() };
  if (roll < 0.68) return { kind: "park", pick: random() };
  if (roll < 0.76) return { kind: "takeBlock", order: Math.floor(random() * 5) };
  if (roll < 0.77) return { kind: "rebuild" };
  if (roll < 0.78) return { kind: "compact" };
  if (roll < 0.88) return { kind: "resize", pick: random(), byteLength };
  if (roll < 0.97) return { kind: "releaseChunk", pick: random() };
  return { kind: "bad", pick: random() };
}

function runRandom(
  options: ModelOptions,
  programSeed: number,
  steps: number,
  verifyEach: number,
): void {
  const random = randomFrom(programSeed);
  const model = new ArenaModel(options);
  // Now and then a span longer than any chunk of the ladder.
  const longestPages = (2.5 * options.maxChunkBytes) / PAGE;
  let step = 0;
  try {
    for (; step < steps; step++) {
      model.apply(randomOperation(random, step, longestPages));
      if (step % verifyEach === 0) model.verify();
    }
    model.finish();
  } catch (error) {
    throw new Error(`PERFLOC_SEED=${programSeed} step ${step} of ${JSON.stringify(options)}`, {
      cause: error,
    });
  }
}

describe("random programs against the model", () => {
  test.each(smallArenas)(
    "A2 A7 A8 A21 A22 A23 A32 A33 A35 A42 verified after each operation: %o",
    (options) => {
      for (let program = 0; program < SMALL_PROGRAMS; program++)
        runRandom(options, seed + program, 2000, 1);
      expect(options.maxBytes).toBeGreaterThan(0);
    },
  );

  test.each(largeArenas)(
    "A2 A7 A8 A21 A22 A23 A32 A33 A35 A42 verified every 64 operations: %o",
    (options) => {
      for (let program = 0; program < LARGE_PROGRAMS; program++)
        runRandom(options, seed + 100 + program, 10_000, 64);
      expect(options.maxBytes).toBeGreaterThan(0);
    },
  );
});

describe("generated programs against the model", () => {
  const pick = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const byteLength = fc.oneof(
    fc.integer({ min: 1, max: 4 * PAGE }),
    fc.integer({ min: 1, max: 40 }).map((pages) => pages * PAGE),
    fc.constantFrom(1, PAGE, PAGE + 1, 2 * PAGE, 3 * PAGE, 8 * PAGE, 16 * PAGE),
  );
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("reserve" as const), byteLength }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("release" as const), pick }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("park" as const), pick }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("reserveOwned" as const),
        pageCount: fc.integer({ min: 1, max: 20 }),
        hasCells: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("takeBlock" as const),
        order: fc.integer({ min: 0, max: 7 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("reserveToGrow" as const),
        pageCount: fc.integer({ min: 1, max: 6 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("rebuild" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("compact" as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("resize" as const), pick, byteLength }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("releaseChunk" as const), pick }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("bad" as const), pick }) },
  );

  test.each(smallArenas)(
    "A2 A7 A8 A18 A21 A23 A32 A33 A35 A42 shrunk to the shortest that fails: %o",
    (options) => {
      fc.assert(
        fc.property(fc.array(operation, { maxLength: 120, size: "max" }), (program) => {
          const model = new ArenaModel(options);
          for (const step of program) {
            model.apply(step);
            model.verify();
          }
          model.finish();
        }),
        { seed, numRuns: 60 },
      );
    },
  );
});
