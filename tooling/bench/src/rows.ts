/** All rows, in the order in which they run. A new workload is added here. */
import { bumpRow } from "./bump-row.js";
import { mapRow, pushRow } from "./collection-rows.js";
import { findFleetDistributions } from "./fleet-distributions.js";
import { fleetRow } from "./fleet-rows.js";
import { growthRow } from "./growth-rows.js";
import { programRow } from "./program-rows.js";
import { particleRow } from "./particle-rows.js";
import { recordRow } from "./record-rows.js";
import { replaceRow } from "./replace-rows.js";
import type { Row } from "./row.js";
import { openAndDropRow, scopeRow } from "./scope-rows.js";
import { findTraceFiles } from "./trace-files.js";
import { CHECK, contextRow, DEBUG, levelRow, mallocRow, SAMPLE, SAMPLE_128 } from "./trace-rows.js";

const MALLOC_TRACES = ["sqlite", "jq", "perl", "gitlog", "android-systemui"];

/** Traces that the check levels are compared on. */
const LEVEL_TRACES = ["postgres-pgbench", ...MALLOC_TRACES];

/** What the check levels cost, `debug` as well: a pass there takes longer than all other rows together. */
export function listLevelRows(): readonly Row[] {
  return levelRows([CHECK, SAMPLE_128, SAMPLE, DEBUG]);
}

function levelRows(levels: Parameters<typeof levelRow>[1]): readonly Row[] {
  const traces = findTraceFiles();
  return LEVEL_TRACES.flatMap((name) => traces.get(name) ?? []).map((trace) =>
    levelRow(trace, levels),
  );
}

/** Those of the shared traces only where those are. */
export function listRows(): readonly Row[] {
  const traces = findTraceFiles();
  const postgres = traces.get("postgres-pgbench")!;
  return [
    contextRow("postgres", postgres, "check"),
    contextRow("postgres-unchecked", postgres, "off"),
    ...MALLOC_TRACES.flatMap((name) => traces.get(name) ?? []).map(mallocRow),
    ...findFleetDistributions().map(fleetRow),
    ...levelRows([CHECK, SAMPLE_128, SAMPLE]),
    replaceRow("random", 1_000),
    replaceRow("fifo", 1_000),
    replaceRow("lifo", 1_000),
    replaceRow("random", 100_000),
    replaceRow("fifo", 100_000),
    replaceRow("lifo", 100_000),
    bumpRow(1_000),
    bumpRow(100_000),
    scopeRow("scope-100", "allocset", { allocationCount: 100, depth: 1 }),
    scopeRow("scope-100-bump", "bump", { allocationCount: 100, depth: 1 }),
    scopeRow("scope-100-nested", "allocset", { allocationCount: 100, depth: 3 }),
    openAndDropRow("open-drop", "allocset", 0),
    openAndDropRow("open-1-drop", "allocset", 1),
    growthRow("grow-factor", "factor"),
    growthRow("grow-step", "step"),
    recordRow("gc-records", "allocset", ["array", "map", "buffers"]),
    recordRow("gc-records-slab", "slab", ["array"]),
    particleRow("cursor", true),
    particleRow("array", false),
    particleRow("at", false),
    particleRow("fresh", false),
    particleRow("columns", false),
    mapRow("insert", "u32"),
    mapRow("get", "u32"),
    mapRow("insert", "string"),
    mapRow("get", "string"),
    pushRow("cleared"),
    pushRow("new"),
    programRow("orders"),
    programRow("search"),
    programRow("parse"),
    programRow("evaluate"),
    programRow("packets"),
  ];
}
