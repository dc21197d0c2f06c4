/** What the process of `perfloc/peak-process.ts` prints about one replay of a trace. */

export interface PeakMemory {
  /** Most bytes that were live at once, as the trace asks for them. */
  readonly liveBytes: number;
  /** Most bytes in process chunks, and the share of the planes that they have. */
  readonly usedBytes: number;
  /** Most bytes held from the operating system: top chunks and planes. */
  readonly heldBytes: number;
  /** Of the held bytes: those of the planes (of the marks, before there were planes). */
  readonly planeBytes: number;
  /** In pages of top chunks and planes that were written by the end of the trace. */
  readonly writtenBytes: number;
}

/** @returns undefined if the text is no such report */
export function parsePeakMemory(text: string): PeakMemory | undefined {
  try {
    const peak = JSON.parse(text) as Partial<PeakMemory>;
    const { liveBytes, usedBytes, heldBytes, planeBytes, writtenBytes } = peak;
    const isComplete = [liveBytes, usedBytes, heldBytes, planeBytes, writtenBytes].every(
      Number.isFinite,
    );
    return isComplete ? (peak as PeakMemory) : undefined;
  } catch {
    return undefined;
  }
}
