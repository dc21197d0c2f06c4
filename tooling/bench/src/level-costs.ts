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
import { markdownTable } from "markdown-table";
import { measureRow } from "./measure-row.js";
import { thisNode } from "./node-release.js";
import type { RowResult } from "./row-result.js";
import { listLevelRows } from "./rows.js";
import { LEVELS } from "./trace-rows.js";
import { Workshop } from "./workshop.js";

const ROUNDS = 5;

function tableRow({ name, perfloc, peers }: RowResult): string[] {
  const offNs = perfloc[0]!.minima.min;
  const percents = peers.map(({ minima }) => `${Math.round((minima.min / offNs) * 100)} %`);
  return [name.replace("levels-", ""), offNs.toFixed(1), ...percents];
}

const folder = mkdtempSync(join(tmpdir(), "perfloc-levels-"));
try {
  const workshop = new Workshop(folder, console.error);
  const rounds = Number(process.argv[2] ?? ROUNDS);
  const lines: string[][] = [];
  for (const row of listLevelRows()) {
    console.error(row.summary);
    // oxlint-disable-next-line no-await-in-loop -- one process after the other, or they would disturb each other
    const result = await measureRow(row, workshop, [thisNode()], {
      rounds,
      isAlwaysDetached: false,
    });
    lines.push(tableRow(result));
  }
  const titles = ["trace", "`off`, ns per operation", ...LEVELS.map(([, label]) => label)];
  console.log(markdownTable([titles, ...lines]));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
