/** What the process of one side prints, as one line of JSON: the programs in C and in JavaScript alike. */
import type { EventLoopFigures } from "./event-loop-figures.js";

export interface ProcessReport {
  /** Nanoseconds per operation of each pass, in order. */
  readonly passes: readonly number[];
  /** Operations of one pass. */
  readonly ops: number;
  /** Of what was read back and of what died; undefined for programs that make none. */
  readonly checksum: number | undefined;
  /** The most bytes that were resident at once, those of the runtime included; undefined for programs that do not say. */
  readonly peakRssBytes?: number | undefined;
  /** Of services only. */
  readonly eventLoop?: EventLoopFigures | undefined;
  /** The most that malloc held from the operating system; of replays in C that were asked for it. */
  readonly heldBytes?: number | undefined;
}

/**
 * @param passesUnder - the member that holds the passes, in the output of a program that times several things at once
 * @returns undefined if the text is no such report
 */
export function parseProcessReport(
  text: string,
  passesUnder: string | undefined,
): ProcessReport | undefined {
  const output = parseObject(text);
  const figures = passesUnder === undefined ? output : asObject(output?.[passesUnder]);
  const passes = figures?.["passes"];
  const ops = output?.["ops"];
  const checksum = output?.["checksum"];
  const peakRssBytes = figures?.["peakRssBytes"];
  if (!Array.isArray(passes) || passes.length === 0 || !passes.every(isFigure)) return undefined;
  if (!isFigure(ops) || !isOptionalFigure(checksum) || !isOptionalFigure(peakRssBytes)) {
    return undefined;
  }
  const heldBytes = output?.["heldBytes"];
  if (!isOptionalFigure(heldBytes)) return undefined;
  const eventLoop = output?.["eventLoop"];
  if (eventLoop !== undefined && !isEventLoop(eventLoop)) return undefined;
  return {
    passes,
    ops,
    checksum,
    ...(peakRssBytes === undefined ? {} : { peakRssBytes }),
    ...(heldBytes === undefined ? {} : { heldBytes }),
    ...(eventLoop === undefined ? {} : { eventLoop }),
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)
    : undefined;
}

function isEventLoop(value: unknown): value is EventLoopFigures {
  const figures = asObject(value);
  return [figures?.["longestPauseMs"], figures?.["p999PauseMs"], figures?.["rssBytes"]].every(
    isFigure,
  );
}

function isOptionalFigure(value: unknown): value is number | undefined {
  return value === undefined || isFigure(value);
}

function isFigure(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
