import {
  type TrimFacts,
  type TrimPolicy,
  immediate,
  keepAll,
  makeFacts,
  retain,
} from "@perfloc/trim";
import * as fc from "fast-check";
import { expect, test } from "vitest";

/** Facts of an arena whose chunks have these lengths in KiB; those at `used` are in use. */
function factsOf(lengths: readonly number[], used: readonly number[] = []): TrimFacts {
  let base = 0;
  const chunks = lengths.map((kibibytes, chunkIndex) => {
    const byteLength = kibibytes * 1024;
    const usedBytes = used.includes(chunkIndex) ? 4096 : 0;
    const chunk = { chunkIndex, base, byteLength, usedBytes, spansCut: 1, epoch: 0 };
    base += byteLength;
    return chunk;
  });
  return makeFacts(0, chunks, "test", true);
}

function released(facts: TrimFacts, policy: TrimPolicy): number[] {
  return policy
    .decide(facts, undefined)
    .filter(({ action }) => action === "release")
    .map(({ chunkIndex }) => chunkIndex);
}

test("T6 keepAll() releases nothing", () => {
  expect(released(factsOf([8, 16, 32]), keepAll())).toEqual([]);
});

test("T7 immediate() releases every releasable chunk", () => {
  expect(released(factsOf([8, 16, 32], [1]), immediate())).toEqual([2, 0]);
});

test("T8 retain() releases the largest first while enough stays held", () => {
  expect(released(factsOf([8, 16, 32, 64], [0]), retain({ bytes: 24 * 1024 }))).toEqual([3, 2]);
  expect(released(factsOf([8, 16, 32, 64]), retain({ bytes: 0 }))).toEqual([3, 2, 1, 0]);
  expect(released(factsOf([8, 16, 32, 64]), retain({ bytes: 2 ** 32 }))).toEqual([]);
});

test("T8 retain() passes over a chunk that is too large and goes on with smaller ones", () => {
  expect(released(factsOf([32, 64, 128]), retain({ bytes: 100 * 1024 }))).toEqual([1, 0]);
});

test("T8 of equally long chunks the higher goes first", () => {
  expect(released(factsOf([64, 64, 64]), retain({ bytes: 64 * 1024 }))).toEqual([2, 1]);
});

test("T8 the largest goes first, wherever it lies", () => {
  expect(released(factsOf([64, 8, 32]), retain({ bytes: 0 }))).toEqual([0, 2, 1]);
  expect(released(factsOf([64, 8, 32]), retain({ bytes: 40 * 1024 }))).toEqual([0]);
});

test("T8 retain() says why", () => {
  const reasons = retain({ bytes: 20_000 })
    .decide(factsOf([16, 32]), undefined)
    .map(({ reason }) => reason);
  expect(reasons).toEqual([
    "without it 16384 bytes are held, fewer than 20000",
    "empty, and 32768 bytes stay held",
  ]);
});

test("T8 what stays held is enough, and nothing more could go", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 12 });
  fc.assert(
    fc.property(lengths, fc.array(fc.nat(11)), fc.nat(400), (kibibytes, used, keepKibibytes) => {
      const facts = factsOf(kibibytes, used);
      const bytes = keepKibibytes * 1024;
      const gone = released(facts, retain({ bytes }));
      const left = facts.chunks.filter(({ chunkIndex }) => !gone.includes(chunkIndex));
      const heldBytes = left.reduce((sum, chunk) => sum + chunk.byteLength, 0);
      expect(heldBytes).toBeGreaterThanOrEqual(Math.min(bytes, facts.heldBytes));
      for (const chunk of left) {
        if (chunk.usedBytes === 0) expect(heldBytes - chunk.byteLength).toBeLessThan(bytes);
      }
    }),
  );
});

test("T5 the same facts give the same decisions", () => {
  const facts = factsOf([8, 16, 32], [0]);
  for (const policy of [keepAll(), immediate(), retain({ bytes: 16_384 })]) {
    expect(policy.decide(facts, undefined)).toEqual(policy.decide(facts, undefined));
    expect(policy.decide(facts, undefined)).toHaveLength(facts.releasable.length);
  }
});
