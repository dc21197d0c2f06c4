/**
 * What each check level costs, in percent of the time on `off`, in one table of markdown:
 *
 *     pnpm bench:levels [ROUNDS]
 *
 * The figure is the fastest pass of all rounds against the fastest pass on `off`: on a machine with other work, what disturbs one round
 * disturbs the medians.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderTable } from "./markdown-report.js";
import { measureRow } from "./measure-row.js";
import { thisRuntime } from "./runtime.js";
import { levelTable } from "./level-table.js";
import type { RowResult } from "./row-result.js";
import { listLevelRows } from "./rows.js";
import { Workshop } from "./workshop.js";

const ROUNDS = 5;

const folder = mkdtempSync(join(tmpdir(), "perfloc-levels-"));
try {
  const workshop = new Workshop(folder, console.error);
  const rounds = Number(process.argv[2] ?? ROUNDS);
  const results: RowResult[] = [];
  for (const row of listLevelRows()) {
    console.error(row.summary);
    // oxlint-disable-next-line no-await-in-loop -- one process after the other, or they would disturb each other
    const result = await measureRow(row, row.prepare(workshop), [thisRuntime()], {
      rounds,
      isAlwaysDetached: false,
    });
    results.push(result);
  }
  console.log(renderTable(levelTable(results)!));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
