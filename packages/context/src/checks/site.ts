/**
 * A place in the program: the six innermost frames of the stack at one moment, without those of this library that the program
 * did not call itself. Six are what Zig's DebugAllocator keeps: enough to see through a helper or two.
 *
 * Capturing takes about 5 µs; the text is only made when somebody reads it, which takes four times as long.
 */

/** Frames of a site. More would slow each debug allocation: the time to capture grows with them. */
const FRAMES = 6;

type Callable = (...args: never[]) => unknown;

/** What V8 adds to Error, and others by now too; no ECMAScript library declares it. */
interface StackCapture {
  stackTraceLimit?: number | undefined;
  captureStackTrace?: (holder: object, above: Callable | undefined) => void;
}

export class Site {
  #frames: readonly string[] | undefined;
  /** Keeps what was on the stack from being collected, until the text is made. */
  #holder: { readonly stack?: string } | undefined;

  constructor(holder: { readonly stack?: string }) {
    this.#holder = holder;
  }

  /** Innermost first, each as the engine prints it. */
  get frames(): readonly string[] {
    this.#frames ??= framesIn(this.#holder?.stack ?? "");
    this.#holder = undefined;
    return this.#frames;
  }
}

/** The place that called a method of `host`; when nobody did, the whole stack counts. */
export function captureSite(host: object, method: string): Site {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all of it is optional
  const capture = Error as unknown as StackCapture;
  if (capture.captureStackTrace === undefined) return new Site(new Error("site"));
  const limit = capture.stackTraceLimit;
  const holder: { readonly stack?: string } = {};
  // Whoever froze Error gets the frames that they allow.
  const canLimit = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit")?.writable === true;
  if (canLimit) capture.stackTraceLimit = FRAMES;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every method is callable, and it is not called
  capture.captureStackTrace(holder, (host as Record<string, Callable>)[method]);
  if (canLimit) capture.stackTraceLimit = limit;
  return new Site(holder);
}

/** What the frames of a site are while nobody captured any. */
export function framesOf(site: Site | undefined): readonly string[] {
  return site === undefined ? [] : site.frames;
}

/** The lines that are frames: "at f (file:1:2)" in V8, "f@file:1:2" elsewhere. */
function framesIn(stack: string): string[] {
  return stack
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at ") || line.includes("@"))
    .map((line) => line.replace(/^at /, ""))
    .slice(0, FRAMES);
}
