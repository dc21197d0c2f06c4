/** All figures, for comparisons over time. */
import type { Report } from "./report.js";

export function renderJson({ command, machine, rounds, results, failures }: Report): string {
  return `${JSON.stringify({ command, machine, rounds, results, failures }, undefined, 2)}\n`;
}
