/**
 * A place in the program: the six innermost frames of the stack at one moment, without those of Perfloc's packages that lie
 * before them. Six are what Zig's DebugAllocator keeps: enough to see through a helper or two.
 *
 * Capturing takes about 5 µs; the text is only made when somebody reads it, which takes four times as long.
 */

/** Frames of a site. More would slow each debug allocation: the time to capture grows with them. */
const FRAMES = 6;

/** Frames of typed collections that may lie between the program and a context. */
const OWN_FRAMES = 4;

/** Where the packages lie beside each other; "" where they were bundled, and frames cannot be told apart. */
const PACKAGES: string =
  /^(?:file:\/\/)?(.*\/)context\/(?:dist|src)\/guards\/[^/]*$/.exec(
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every host of ES modules has it; no ECMAScript library declares it
    (import.meta as unknown as { readonly url?: string }).url ?? "",
  )?.[1] ?? "";

/** The files of one package behind that folder. */
const OWN_FILE = /^(?:arena|context|trim|typed)\/(?:dist|src)\//;

/** Files of packages that are installed, each in a folder of its own. */
const INSTALLED_FILE = /\/node_modules\/@perfloc\/(?:arena|context|trim|typed)\/dist\//;

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
    this.#frames ??= framesIn(stackOf(this.#holder));
    this.#holder = undefined;
    return this.#frames;
  }
}

/** The place that called a method of `host`; the whole stack, when it is not on the stack. */
export function captureSite(host: object, method: string): Site {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all of it is optional
  const capture = Error as unknown as StackCapture;
  if (capture.captureStackTrace === undefined) return new Site(new Error("site"));
  const limit = capture.stackTraceLimit;
  const holder: { readonly stack?: string } = {};
  // Where Error is frozen, its own limit holds.
  const canLimit = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit")?.writable === true;
  if (canLimit) capture.stackTraceLimit = FRAMES + OWN_FRAMES;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every method is callable, and it is not called
  capture.captureStackTrace(holder, (host as Record<string, Callable>)[method]);
  if (canLimit) capture.stackTraceLimit = limit;
  return new Site(holder);
}

/** The frames of a site; none where none was captured. */
export function framesOf(site: Site | undefined): readonly string[] {
  return site === undefined ? [] : site.frames;
}

/** The text of a stack; "" where the program's own `Error.prepareStackTrace` makes none. */
function stackOf(holder: { readonly stack?: string } | undefined): string {
  try {
    const stack: unknown = holder?.stack;
    return typeof stack === "string" ? stack : "";
  } catch {
    return "";
  }
}

/** The lines that are frames: "at f (file:1:2)" in V8, "f@file:1:2" elsewhere; those of Perfloc before the program's are left out. */
function framesIn(stack: string): string[] {
  const frames = stack
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at ") || line.includes("@"))
    .map((line) => line.replace(/^at /, ""));
  const first = frames.findIndex((frame) => !isOwn(frame));
  return frames.slice(first < 0 ? 0 : first).slice(0, FRAMES);
}

function isOwn(frame: string): boolean {
  if (INSTALLED_FILE.test(frame)) return true;
  if (PACKAGES === "") return false;
  const at = frame.indexOf(PACKAGES);
  return at >= 0 && OWN_FILE.test(frame.slice(at + PACKAGES.length));
}
