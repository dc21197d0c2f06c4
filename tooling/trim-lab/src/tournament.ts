/** Every policy under every shape. */
import { type Contestant, contestants } from "./contestants.js";
import type { DemandShape, Scale } from "./demand-shape.js";
import { type Score, scoreOf } from "./score.js";
import { type Run, type SimulationOptions, simulate } from "./simulation.js";

/** One policy under one shape. */
export interface Entry {
  readonly policy: string;
  readonly score: Score;
  readonly run: Run;
}

/** All policies under one shape. */
export interface Contest {
  readonly shape: DemandShape;
  /** In the order of the policies. */
  readonly entries: readonly Entry[];
}

export interface Tournament {
  readonly scale: Scale;
  readonly policies: readonly Contestant[];
  readonly contests: readonly Contest[];
}

export function holdTournament(
  scale: Scale,
  shapes: readonly DemandShape[],
  options: SimulationOptions,
): Tournament {
  const policies = contestants(scale);
  const contests = shapes.map((shape) => ({
    shape,
    entries: policies.map(({ name, policy }) => {
      const run = simulate(policy, shape, options);
      return { policy: name, score: scoreOf(run), run };
    }),
  }));
  return { scale, policies, contests };
}
