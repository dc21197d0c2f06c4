/**
 * Makes BENCHMARKS.md, its chart and the tables of all figures from a run:
 *
 *     pnpm bench --json tooling/bench/results/latest.json
 *     pnpm bench:document [RESULTS.json]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { renderMarkdown } from "../markdown-report.js";
import type { Report } from "../report.js";
import { renderRatioSvg } from "./ratio-svg.js";
import { renderDocument } from "./render-document.js";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const RESULTS = "tooling/bench/results";

const [, , argument] = process.argv;
const json =
  argument === undefined
    ? resolve(ROOT, RESULTS, "latest.json")
    : resolve(process.env["INIT_CWD"] ?? process.cwd(), argument);
const report = JSON.parse(readFileSync(json, "utf8")) as Report;
const files = {
  chart: `${RESULTS}/ratios.svg`,
  tables: `${RESULTS}/tables.md`,
  json: `${RESULTS}/${basename(json)}`,
};
writeFileSync(resolve(ROOT, files.chart), renderRatioSvg(report.results));
writeFileSync(resolve(ROOT, files.tables), renderMarkdown(report));
writeFileSync(resolve(ROOT, "BENCHMARKS.md"), renderDocument(report, files));
