/** Traffic that looks at what is held and asks for what has just gone: the worst that can happen to a policy. */
import { BREAK_EVEN_MS } from "@perfloc/trim";
import type { DemandShape, HeapView, Scale, ShapeKind } from "../demand-shape.js";

const SECOND = 1000;

/** How long an adversary uses what it asked for, in milliseconds: a few ticks. */
const USE_MS = 100;

const PAGE_BYTES = 4096;

export function adversaries(scale: Scale): readonly DemandShape[] {
  return [
    asksAgain(scale, "adversary-first", "everything again once anything has gone", 0),
    asksAgain(scale, "adversary-half", "everything again once half has gone", 0.5),
    asksAgain(scale, "adversary-all", "everything again once 98 % have gone", 0.98),
    trembles(
      scale,
      "adversary-tremble",
      "a page of the top chunk, again once it has gone, or after 10 s",
      "adversary",
      BREAK_EVEN_MS,
    ),
    trembles(
      scale,
      "hopeless-tremble",
      "a page of the top chunk, again only once it has gone",
      "hopeless",
      Infinity,
    ),
  ];
}

function asksAgain(scale: Scale, name: string, summary: string, part: number): DemandShape {
  const { peakBytes, lowBytes } = scale;
  return {
    name,
    summary,
    kind: "adversary",
    durationMs: 400 * SECOND,
    peakBytes,
    start: () => {
      let usesUntil = USE_MS;
      return (ms, heap) => {
        const { goneBytes, allBytes } = countGone(heap);
        if (ms >= usesUntil && goneBytes > part * allBytes) usesUntil = ms + USE_MS;
        return { bytes: ms < usesUntil ? peakBytes : lowBytes };
      };
    },
  };
}

function trembles(
  { peakBytes }: Scale,
  name: string,
  summary: string,
  kind: ShapeKind,
  patienceMs: number,
): DemandShape {
  return {
    name,
    summary,
    kind,
    durationMs: 400 * SECOND,
    peakBytes,
    start: () => {
      let usedAt = 0;
      return (ms, { levels, isHeld }) => {
        const top = levels.at(-1)!;
        if (!isHeld[top.index]! || ms - usedAt >= patienceMs) usedAt = ms;
        return { bytes: ms === usedAt ? top.base + PAGE_BYTES : top.base };
      };
    },
  };
}

function countGone({ levels, isHeld }: HeapView): { goneBytes: number; allBytes: number } {
  let goneBytes = 0;
  let allBytes = 0;
  for (const { index, byteLength } of levels) {
    allBytes += byteLength;
    if (!isHeld[index]!) goneBytes += byteLength;
  }
  return { goneBytes, allBytes };
}
