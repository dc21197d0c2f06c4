/** Programs whose memory is given back again and again, by policies, by hand and by a hard limit. */
import {
  type MemoryContext,
  type TrimPolicy,
  Trimmer,
  anyOf,
  decay,
  immediate,
  limit,
  peakWindow,
} from "@perfloc/typed";
import type { Scenario } from "./scenario.js";
import type { Stage } from "./stage.js";

/** Milliseconds from one burst to the next. */
const BETWEEN_MS = 400;

/** Bursts with a trimmer that looks after each of them. */
function bursts(
  stage: Stage,
  policy: TrimPolicy,
  look: (trimmer: Trimmer, now: number) => unknown,
): unknown {
  let now = 0;
  const trimmer = new Trimmer(stage.heap, policy, { clock: () => now });
  const kept: MemoryContext = stage.open("kept");
  const addresses: number[] = [];
  for (let burst = 0; burst < 6; burst++) {
    const context = stage.open("burst", { maxChunkBytes: 8192 });
    for (let step = 0; step < 30; step++) stage.call(() => context.alloc(2000));
    addresses.push(stage.call(() => kept.alloc(100)));
    context.drop();
    now += BETWEEN_MS;
    stage.call(() => look(trimmer, now));
  }
  trimmer[Symbol.dispose]();
  return [addresses.length, kept.stats().liveObjects];
}

export const trimScenarios: readonly Scenario[] = [
  {
    name: "trim: everything that is empty, after each burst",
    play: (stage) => bursts(stage, immediate(), (trimmer) => trimmer.trim()),
  },
  {
    name: "trim: by force, beside a policy that waits",
    play: (stage) => bursts(stage, peakWindow(), (trimmer) => trimmer.trim({ force: true })),
  },
  {
    name: "tick: what a decay lets go in time",
    play: (stage) => bursts(stage, decay({ horizonMs: 500 }), (trimmer, now) => trimmer.tick(now)),
  },
  {
    name: "trim: under a hard limit",
    play: (stage) =>
      bursts(stage, anyOf(immediate(), limit({ hard: 300_000 })), (trimmer) => trimmer.trim()),
  },
];
