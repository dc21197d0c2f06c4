/** All figures, for comparisons over time. Bytes, milliseconds, and products of them. */
import { BREAK_EVEN_MS } from "@perfloc/trim";
import type { Report } from "./report.js";
import { standingsOf } from "./standing.js";

export function renderJson({ command, tickMs, watch, tournaments, fronts }: Report): string {
  const scales = tournaments.map((tournament, at) => ({
    ...tournament.scale,
    policies: tournament.policies.map(({ name, policy }) => ({ name, policy: policy.name })),
    standings: standingsOf(tournament),
    shapes: tournament.contests.map(({ shape, entries }) => ({
      name: shape.name,
      summary: shape.summary,
      kind: shape.kind,
      durationMs: shape.durationMs,
      scores: entries.map(({ policy, score }) => ({ policy, ...score })),
    })),
    fronts: fronts[at] ?? [],
  }));
  const report = { command, tickMs, watch, breakEvenMs: BREAK_EVEN_MS, scales };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
