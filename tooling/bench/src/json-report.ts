/** All figures, for comparisons over time. */
import type { Report } from "./report.js";

export function renderJson(report: Report): string {
  return `${JSON.stringify(report, undefined, 1)}\n`;
}
