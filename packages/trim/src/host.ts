/** What a host may have: typed here, because no ECMAScript library declares it, and looked up when it is used. */

interface Host {
  readonly performance: { now(): number };
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly process?: { availableMemory?: () => number } | undefined;
  readonly document?: HostDocument | undefined;
}

interface HostDocument {
  readonly visibilityState: string;
  addEventListener(type: "visibilitychange", listener: () => void): void;
  removeEventListener(type: "visibilitychange", listener: () => void): void;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every host has the first three; the others may be missing
const host = globalThis as unknown as Host;

/** Longest time that a timer takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Milliseconds of a clock that never goes back. */
export function monotonicNow(): number {
  return host.performance.now();
}

/** Runs something later. In Node the timer does not keep the process alive. @returns stops it */
export function wakeAfter(ms: number, run: () => void): () => void {
  const timer = host.setTimeout(run, Math.min(Math.max(1, Math.ceil(ms)), MAX_TIMER_MS));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a number in browsers, an object in Node
  (timer as { unref?: () => void }).unref?.();
  return () => host.clearTimeout(timer);
}

/** Bytes that the process can still get, where the host tells. */
export function availableMemory(): number | undefined {
  return host.process?.availableMemory?.();
}

/** Has `run` called when the page is hidden. @returns stops it */
export function whenHidden(run: () => void): () => void {
  const { document } = host;
  if (document === undefined) return () => {};
  const listener = (): void => {
    if (document.visibilityState === "hidden") run();
  };
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}
