/** The figures of one context. Equation: usedBytes = liveBytes + freeBytes + headerBytes. */

/**
 * What one context holds itself, its children apart. `usedBytes = liveBytes + freeBytes + headerBytes`.
 * @public
 */
export interface ContextFigures {
  /** Bytes in its process chunks. */
  readonly usedBytes: number;
  /** Bytes in live objects, each rounded up to its size class; in a bump context all bytes handed out. */
  readonly liveBytes: number;
  /** Bytes that new objects can take without a new process chunk: freed slots and the ends of chunks. */
  readonly freeBytes: number;
  /** Bytes in process chunk headers. */
  readonly headerBytes: number;
  /** Live objects; `undefined` in a bump context, which does not know. */
  readonly liveObjects: number | undefined;
  /** Freed slots that wait for reuse. */
  readonly freeObjects: number;
  /** Process chunks in its chain. */
  readonly processChunks: number;
}
