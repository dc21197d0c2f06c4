import { Arena } from "@perfloc/arena";
import { runAt } from "@perfloc/arena/internal";
import { FailingSource, randomFrom } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import { Customer } from "./customer.js";

const KIB = 1024;

type Scenario = (customer: Customer) => void;

const scenarios: [string, Scenario][] = [
  [
    "load by single pages",
    (customer) => {
      for (let count = 0; count < 60; count++) customer.reserve(4096);
    },
  ],
  [
    "spans of many lengths, some beyond the cap",
    (customer) => {
      for (const kib of [1, 64, 16, 200, 4, 128, 32, 500, 8]) customer.reserve(kib * KIB);
    },
  ],
  [
    "load, release, load again at the same addresses",
    (customer) => {
      const { arena } = customer;
      for (let round = 0; round < 3; round++) {
        const spans = [8, 16, 32, 64, 64]
          .map((kib) => customer.reserve(kib * KIB))
          .filter((span) => span > 0);
        for (const span of spans) arena.release(span);
        for (const chunk of arena.chunks) arena.releaseChunk(chunk.index);
      }
    },
  ],
  [
    "spans that grow where they lie, with chunks between",
    (customer) => {
      const { arena } = customer;
      for (let count = 0; count < 12; count++) {
        const span = customer.reserve(5000 * count + 1);
        if (span > 0) arena.resize(span, 3000 * count + 1);
      }
    },
  ],
  [
    "a random program",
    (customer) => {
      const random = randomFrom(99);
      const spans: number[] = [];
      for (let step = 0; step < 150; step++) {
        const span = random() < 0.6 ? customer.reserve(1 + Math.floor(random() * 40 * KIB)) : 0;
        if (span > 0) spans.push(span);
        else if (spans.length > 0)
          customer.arena.release(spans.splice(Math.floor(random() * spans.length), 1)[0] as number);
        if (step % 10 !== 0) continue;
        for (const chunk of customer.arena.chunks)
          if (chunk.usedBytes === 0) customer.arena.releaseChunk(chunk.index);
      }
    },
  ],
];

/** Releases every span and chunk by what the arena itself shows, and then the arena. */
function checkNothingLost({ arena }: Customer, source: FailingSource): void {
  for (const chunk of arena.chunks) {
    for (let address = chunk.base; address < chunk.base + chunk.byteLength; address += 4096) {
      if (runAt(arena.planes.pages, address / 4096) > 0) arena.release(address);
    }
    arena.releaseChunk(chunk.index);
  }
  arena.verify();
  expect(arena.stats()).toMatchObject({ heldBytes: 0, usedBytes: 0, spanCount: 0 });
  expect(source.live.size).toBe(0);
  arena.dispose();
  expect(source.live.size).toBe(0);
}

describe.each(scenarios)("the source fails: %s", (_, scenario) => {
  test("A26 once, at each request in turn: the call after it works", () => {
    let failAt = 1;
    for (; ; failAt++) {
      const source = new FailingSource(failAt);
      const customer = new Customer(new Arena({ maxChunkBytes: 128 * KIB, source }), 2);
      scenario(customer);
      checkNothingLost(customer, source);
      if (customer.failures.length === 0) break;
      expect(customer.failures, `request ${failAt}`).toHaveLength(1);
      expect(customer.failures[0]?.cause).toMatchObject({ request: failAt });
    }
    expect(failAt).toBeGreaterThan(4);
  });

  test("A26 from a request on for good: what is held stays in order", () => {
    for (let failAt = 1; ; failAt++) {
      const source = new FailingSource(failAt, true);
      const customer = new Customer(new Arena({ maxChunkBytes: 128 * KIB, source }), 1);
      scenario(customer);
      checkNothingLost(customer, source);
      if (customer.failures.length === 0) break;
      expect(source.acquireCount).toBeGreaterThanOrEqual(failAt);
    }
  });
});

test("A26 a failure of a run that succeeds elsewhere leaves no trace in the addresses", () => {
  const addresses = [0, 1, 2, 3].map((failAt) => {
    const customer = new Customer(new Arena({ source: new FailingSource(failAt) }), 2);
    return [10, 40 * KIB, 100, 200 * KIB, 20 * KIB].map((byteLength) =>
      customer.reserve(byteLength),
    );
  });
  for (const run of addresses) expect(run).toEqual(addresses[0]);
});

test("A10 A26 when a long chunk is refused by halves, the last refusal is the cause", () => {
  const source = new FailingSource(1, true);
  using arena = new Arena({ initialChunkBytes: 8 * KIB * KIB, source });
  const customer = new Customer(arena, 1);
  expect(customer.reserve(1)).toBe(0);
  expect(customer.failures[0]?.cause).toMatchObject({ request: 4 });
});
