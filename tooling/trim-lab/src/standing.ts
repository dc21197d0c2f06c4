/** How a policy has done over all shapes. */
import type { ShapeKind } from "./demand-shape.js";
import type { Score } from "./score.js";
import type { Entry, Tournament } from "./tournament.js";

/** Sums and ratios over ordinary shapes, where nothing else is said. */
export interface Standing {
  readonly policy: string;
  /** Undefined without an ordinary shape. */
  readonly meanRatio: number | undefined;
  readonly worstRatio: number | undefined;
  /** Worst ratio under an adversary. */
  readonly adversaryRatio: number | undefined;
  /** Most bytes taken again for each byte that demand rose by, of all shapes. */
  readonly worstRecommitRatio: number;
  readonly idleByteMs: number;
  readonly recommittedBytes: number;
  readonly recommits: number;
  readonly regretBytes: number;
  readonly wastedBytes: number;
  /** Mean over the shapes where it came to that. */
  readonly meanNinetyPercentMs: number | undefined;
}

export function standingsOf({ policies, contests }: Tournament): readonly Standing[] {
  return policies.map(({ name }, at) => {
    const scoresOf = (kind: ShapeKind): readonly Score[] =>
      contests
        .filter(({ shape }) => shape.kind === kind)
        .map(({ entries }) => scoreAt(entries, at));
    const scores = scoresOf("ordinary");
    const ratios = scores.map(({ ratio }) => ratio);
    const sum = (figure: (score: Score) => number): number =>
      scores.reduce((total, score) => total + figure(score), 0);
    return {
      policy: name,
      meanRatio: mean(ratios),
      worstRatio: worst(ratios),
      adversaryRatio: worst(scoresOf("adversary").map(({ ratio }) => ratio)),
      worstRecommitRatio: Math.max(
        0,
        ...contests.map(({ entries }) => recommitRatio(scoreAt(entries, at))),
      ),
      idleByteMs: sum(({ idleByteMs }) => idleByteMs),
      recommittedBytes: sum(({ recommittedBytes }) => recommittedBytes),
      recommits: sum(({ recommits }) => recommits),
      regretBytes: sum(({ regretBytes }) => regretBytes),
      wastedBytes: sum(({ wastedBytes }) => wastedBytes),
      meanNinetyPercentMs: mean(scores.flatMap(({ ninetyPercentMs }) => ninetyPercentMs ?? [])),
    };
  });
}

/** Bytes taken again for each byte that demand rose by. */
export function recommitRatio({ recommittedBytes, risenBytes }: Score): number {
  return risenBytes === 0 ? 0 : recommittedBytes / risenBytes;
}

function scoreAt(entries: readonly Entry[], at: number): Score {
  return entries[at]!.score;
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function worst(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}
