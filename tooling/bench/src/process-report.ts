/** What the process of one side prints, as one line of JSON: the programs in C and in JavaScript alike. */

export interface ProcessReport {
  /** Nanoseconds per operation of each pass, in order. */
  readonly passes: readonly number[];
  /** Operations of one pass. */
  readonly ops: number;
  /** Of what was read back and of what died; undefined for programs that make none. */
  readonly checksum: number | undefined;
  /** Of Perfloc on a malloc trace; undefined for all others. */
  readonly peak?: PeakMemory | undefined;
}

/** Memory at the moment when most bytes of a trace are live. */
export interface PeakMemory {
  /** As the trace asks for them. */
  readonly liveBytes: number;
  /** In process chunks. */
  readonly usedBytes: number;
  /** From the operating system. */
  readonly heldBytes: number;
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
  if (!Array.isArray(passes) || passes.length === 0 || !passes.every(isFigure)) return undefined;
  if (!isFigure(ops) || (checksum !== undefined && !isFigure(checksum))) return undefined;
  const peak = output?.["peak"];
  if (peak !== undefined && !isPeakMemory(peak)) return undefined;
  return { passes, ops, checksum, ...(peak === undefined ? {} : { peak }) };
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

function isPeakMemory(value: unknown): value is PeakMemory {
  const peak = asObject(value);
  return [peak?.["liveBytes"], peak?.["usedBytes"], peak?.["heldBytes"]].every(isFigure);
}

function isFigure(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
