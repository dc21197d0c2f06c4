/**
 * C92: the allocation traffic of real programs, with every byte of every object checked. See test/model/trace-replay.ts.
 */
import { findSharedTraces, readTrace, shippedTraces } from "@perfloc-tooling/traces";
import type { CheckLevel } from "@perfloc/context";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { TraceReplay } from "./model/trace-replay.js";

const CHECK_LEVELS: readonly CheckLevel[] = ["check", "off", "debug", "sample"];

function checkReplay(file: string | URL): void {
  const trace = readTrace(file);
  for (const check of CHECK_LEVELS) {
    const operations = new TraceReplay(trace, check).run();
    expect(operations).toBe(trace.operationCount);
  }
  console.log(
    `C92 ${trace.name}: ${trace.operationCount} operations, ${trace.objectCount} objects, at each check level`,
  );
}

describe("C92 traces of real programs", () => {
  it.each(shippedTraces.map(({ name, url }) => [name, url] as const))(
    "C92 the shipped trace %s",
    (_name, url) => {
      checkReplay(url);
    },
    120_000,
  );

  const shared = findSharedTraces();

  it.skipIf(shared.length === 0)(
    "C92 shared traces: skipped where none lie beside the checkout",
    () => {
      expect(shared.length).toBeGreaterThan(0);
    },
  );

  it.each(shared.map((file) => [basename(file), file] as const))(
    "C92 the shared trace %s",
    (_name, file) => {
      checkReplay(file);
    },
    300_000,
  );
});
