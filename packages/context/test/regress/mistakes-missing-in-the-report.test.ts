/*
 * The report of a guarded heap did not list calls that were refused, nor what verify() threw; of a damaged heap there was none; and
 * options that nobody knows were taken.
 */
import {
  CorruptionError,
  DoubleFreeError,
  Heap,
  type HeapOptions,
  InvalidOptionError,
} from "@perfloc/context";
import { expect, test } from "vitest";
import {
  checkLevels,
  checkThrows,
  damageCell,
  guardedLevels,
  pageOf,
  poke,
  thrownBy,
} from "../support/fixtures.js";

const OPTION = "PERFLOC_CONTEXT_INVALID_OPTION";

test.each(guardedLevels)(
  "C74 the report lists calls that were refused (check level %s)",
  (check) => {
    using heap = new Heap({ check, sampleEvery: 1 });
    const context = heap.open("a");
    const freed = context.alloc(32);
    const address = context.alloc(32);
    context.free(freed);
    expect(() => context.free(freed)).toThrow(/already freed/);
    expect(() => context.free(address + 8)).toThrow(/no live object/);
    expect(() => context.bytes(freed, 8)).toThrow(/looked at/);
    poke(heap, address + 32, 0);
    expect(() => heap.verify()).toThrow(/was overrun/);
    expect(() => heap.verify()).toThrow(/was overrun/);
    expect(() => context.free(address)).toThrow(/was overrun/);
    context.free(address);
    expect(heap.report().findings.map(({ code }) => code.replace("PERFLOC_CONTEXT_", ""))).toEqual([
      "DOUBLE_FREE",
      "INVALID_ADDRESS",
      "USE_AFTER_FREE",
      "OVERRUN",
    ]);
  },
);

test.each(checkLevels)("C57 C74 a damaged heap has a report (check level %s)", (check) => {
  const heap = new Heap({ check });
  const context = heap.open("a");
  const address = context.alloc(32);
  damageCell(heap, address, 0);
  const report = heap.report();
  expect(report.findings[0]).toBeInstanceOf(CorruptionError);
  expect(String(report)).toMatch(/1 context open[^]*cannot be printed[^]*1 finding\n/);
});

test.each(checkLevels)("C54 C57 damage leads to the level that names its place (%s)", (check) => {
  const heap = new Heap({ check });
  poke(heap, pageOf(heap.open("a").alloc(8)), 0);
  const error = checkThrows(() => heap.verify(), CorruptionError, "PERFLOC_CONTEXT_CORRUPT");
  expect(error.hint).toContain('check "debug"');
});

test("C65 a double free has its places on the error itself, and the first in its message", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  const address = context.alloc(8);
  context.free(address);
  const error = thrownBy(() => context.free(address)) as DoubleFreeError;
  const { allocatedAt, freedAt, freedAgainAt } = error;
  expect(error.sites).toEqual({ allocatedAt, freedAt, freedAgainAt });
  expect(error.message).toContain(`, at ${freedAt[0] ?? "?"}`);
});

test.each([
  { chek: "debug" },
  { sampleEvery: 8 },
  { sampleSeed: 8 },
  { quarantineBytes: 8 },
  { check: "debug", onLeak: "warn" },
])("C2 C54 a heap refuses %o", (options) => {
  const make = (): Heap => new Heap(options as unknown as HeapOptions);
  const { option } = checkThrows(make, InvalidOptionError, OPTION);
  expect(option).toBe(Object.keys(options).at(-1));
});

test("C2 a level may be chosen by a setting that is not there", () => {
  using heap = new Heap({ check: undefined, sampleEvery: 8 });
  expect(heap.report().check).toBe("check");
});
