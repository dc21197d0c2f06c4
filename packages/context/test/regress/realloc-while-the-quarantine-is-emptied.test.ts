/*
 * A plain object grew while the quarantine was emptied: "there is another newest record" was taken for "a guarded object was made", and
 * the canary was written of a record that was not there (a TypeError), or of another object, whose overrun was then not found.
 * Found by a soak at four levels.
 */
import { BufferOverrunError, Heap, type MemoryContext } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkThrows } from "../support/fixtures.js";

/** Which objects are guarded differs from seed to seed: for some of them it is those that the test is about. */
const SEEDS = Array.from({ length: 64 }, (_, seed) => seed);
const CANARY_BYTE = 0xde;

function openFull(heap: Heap): MemoryContext {
  const context = heap.open("full");
  context.setLimit(8192);
  return context;
}

/** Buffers grow into the last memory again and again: the guarded ones wait in the quarantine until it is emptied. */
function churn(context: MemoryContext): void {
  for (let round = 0; round < 200; round++) {
    const first = context.alloc(16);
    context.bytes(first, 16).fill(7);
    const buffer = context.realloc(first, 1500);
    expect(context.bytes(buffer, 16).every((byte) => byte === 7)).toBe(true);
    context.free(buffer);
  }
}

test("C67 C71 a buffer grows into the last memory", () => {
  for (const sampleSeed of SEEDS) {
    using heap = new Heap({ check: "sample", sampleEvery: 2, sampleSeed });
    churn(openFull(heap));
    heap.verify();
  }
});

test("C63 C71 an overrun is found although a plain object grew meanwhile", () => {
  let overruns = 0;
  for (const sampleSeed of SEEDS) {
    using heap = new Heap({ check: "sample", sampleEvery: 2, sampleSeed });
    const context = openFull(heap);
    const victim = context.alloc(24);
    const { u8, base } = heap.arena.chunkAt(victim);
    const behind = victim - base + 24;
    if (u8[behind] !== CANARY_BYTE) continue;
    u8[behind] = 0;
    overruns++;
    churn(context);
    checkThrows(() => context.free(victim), BufferOverrunError, "PERFLOC_CONTEXT_OVERRUN");
    context.free(victim);
  }
  expect(overruns).toBeGreaterThan(10);
});
