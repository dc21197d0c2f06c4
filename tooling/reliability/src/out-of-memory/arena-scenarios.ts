/** The arena's own calls: spans and top chunks. */
import type { Scenario } from "./scenario.js";
import type { Stage } from "./stage.js";

const KIB = 1024;

/** Gives spans back, and then every chunk that is empty. */
function release({ arena }: Stage, spans: readonly number[]): void {
  for (const span of spans) arena.release(span);
  for (const { index, usedBytes } of arena.chunks) if (usedBytes === 0) arena.releaseChunk(index);
}

export const arenaScenarios: readonly Scenario[] = [
  {
    name: "arena: spans of a page",
    play: (stage) => {
      for (let count = 0; count < 60; count++) stage.call(() => stage.arena.reserve(4 * KIB));
      return stage.arena.stats().spanCount;
    },
  },
  {
    name: "arena: spans of all lengths, some longer than a chunk may be",
    play: (stage) =>
      [1, 64, 16, 200, 4, 128, 32, 500, 8, 1000].map((kib) => {
        const span = stage.call(() => stage.arena.reserve(kib * KIB));
        return stage.arena.spanBytes(span);
      }),
  },
  {
    name: "arena: a span that grows where it lies, and moves where it cannot",
    play: (stage) => {
      const { arena } = stage;
      let span = stage.call(() => arena.reserve(KIB));
      for (let kib = 8; kib < 300; kib *= 2) {
        stage.call(() => arena.reserve(4 * KIB));
        if (arena.resize(span, kib * KIB)) continue;
        const moved = stage.call(() => arena.reserve(kib * KIB));
        arena.release(span);
        span = moved;
      }
      return arena.spanBytes(span);
    },
  },
  {
    name: "arena: chunks that are given back and come again",
    play: (stage) => {
      for (let round = 0; round < 4; round++) {
        const spans = [8, 16, 32, 64, 64].map((kib) =>
          stage.call(() => stage.arena.reserve(kib * KIB)),
        );
        release(stage, spans);
      }
      return stage.arena.stats().usedBytes;
    },
  },
  {
    name: "arena: spans beside a context",
    play: (stage) => {
      const { arena } = stage;
      const spans: number[] = [];
      const context = stage.open("beside spans");
      for (let step = 0; step < 40; step++) {
        spans.push(stage.call(() => arena.reserve(4 * KIB)));
        stage.call(() => context.alloc(2000));
      }
      release(stage, spans);
      return context.stats().liveObjects;
    },
  },
];
