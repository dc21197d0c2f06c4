/** The options of a context: defaults, and what is refused. */
import { InvalidOptionError, InvalidSizeError } from "@perfloc/arena";
import { DEFAULT_INITIAL_BYTES, DEFAULT_MAX_CHUNK_BYTES, roundUpToPages } from "./chunks/growth.js";
import { MAX_SMALL_BYTES } from "./slots/size-classes.js";

/**
 * How a context gives out memory.
 *
 * - `allocset`: any size, `free` and `realloc`; the general kind and the default
 * - `bump`: any size, no `free`: the fastest and densest, for memory that dies together
 * - `slab`: one size, `free`
 * @public
 */
export type ContextKind = "allocset" | "bump" | "slab";

/**
 * How a context is opened.
 * @public
 */
export interface ContextOptions {
  /** Default `allocset`. */
  readonly kind?: ContextKind | undefined;
  /**
   * Length of the first process chunk in bytes, rounded up to whole pages: 1 to 2^30. Default 4096; then an allocset may begin with up to
   * 32 KiB, where one that was dropped had needed that.
   */
  readonly initialBytes?: number | undefined;
  /** Length at which the doubling of process chunks stops, in bytes: `initialBytes` to 2^30. Default 256 KiB. */
  readonly maxChunkBytes?: number | undefined;
  /** Only for `slab`, and required there: the length of every object in bytes, 1 to 32768. */
  readonly slotBytes?: number | undefined;
  /**
   * Whether every object has to be freed before the context is reset or dropped: those that were not are told by a `LeakError`, on the
   * levels `debug` and (for its samples) `sample`. Not for `bump`, which cannot free. Default false.
   */
  readonly expectFreed?: boolean | undefined;
}

/** Options with every default filled in. */
export interface ResolvedContextOptions {
  readonly kind: ContextKind;
  readonly initialBytes: number;
  readonly maxChunkBytes: number;
  /** 0 when the kind has no slots. */
  readonly slotBytes: number;
  readonly expectFreed: boolean;
}

const CODE = "PERFLOC_CONTEXT_INVALID_OPTION";
const LARGEST_CHUNK_BYTES = 2 ** 30;

/** What `NO_OPTIONS` resolves to. */
export const DEFAULT_OPTIONS: ResolvedContextOptions = {
  kind: "allocset",
  initialBytes: DEFAULT_INITIAL_BYTES,
  maxChunkBytes: DEFAULT_MAX_CHUNK_BYTES,
  slotBytes: 0,
  expectFreed: false,
};

/** The options of a context that was opened without any; compared by identity. */
export const NO_OPTIONS: ContextOptions = {};

/**
 * The options that a heap resolved last. Programs open most scopes with the same object: comparing its values takes a tenth of the time of
 * checking them.
 */
export class ResolvedOptionsCache {
  private options: ContextOptions = NO_OPTIONS;
  private values: ContextOptions = NO_OPTIONS;
  private resolved: ResolvedContextOptions = DEFAULT_OPTIONS;

  /** @throws what `resolveContextOptions` throws */
  resolve(options: ContextOptions): ResolvedContextOptions {
    const { values } = this;
    if (
      options === this.options &&
      options.kind === values.kind &&
      options.initialBytes === values.initialBytes &&
      options.maxChunkBytes === values.maxChunkBytes &&
      options.slotBytes === values.slotBytes &&
      options.expectFreed === values.expectFreed
    )
      return this.resolved;
    return this.resolveSlow(options);
  }

  private resolveSlow(options: ContextOptions): ResolvedContextOptions {
    const resolved = resolveContextOptions(options);
    const { kind, initialBytes, maxChunkBytes, slotBytes, expectFreed } = options;
    this.options = options;
    this.values = { kind, initialBytes, maxChunkBytes, slotBytes, expectFreed };
    this.resolved = resolved;
    return resolved;
  }
}

/** Checks the options and fills in the defaults. */
export function resolveContextOptions(options: ContextOptions): ResolvedContextOptions {
  if (options === NO_OPTIONS) return DEFAULT_OPTIONS;
  if (typeof options !== "object" || (options as unknown) === null) {
    throw new InvalidOptionError(
      CODE,
      "options",
      options,
      "they must be an object",
      "Leave the options out to get the defaults.",
    );
  }
  refuseUnknownOptions(options, OPTION_NAMES, "context");
  const kind = options.kind ?? "allocset";
  if (!isKind(kind)) {
    throw new InvalidOptionError(CODE, "kind", kind, 'kinds are "allocset", "bump" and "slab"');
  }
  const initialBytes = options.initialBytes ?? DEFAULT_INITIAL_BYTES;
  checkWhole("initialBytes", initialBytes, 1, LARGEST_CHUNK_BYTES);
  const maxChunkBytes = options.maxChunkBytes ?? Math.max(DEFAULT_MAX_CHUNK_BYTES, initialBytes);
  checkWhole("maxChunkBytes", maxChunkBytes, initialBytes, LARGEST_CHUNK_BYTES);
  return {
    kind,
    initialBytes: roundUpToPages(initialBytes),
    maxChunkBytes: roundUpToPages(maxChunkBytes),
    slotBytes: resolveSlotBytes(kind, options.slotBytes),
    expectFreed: resolveExpectFreed(kind, options.expectFreed),
  };
}

const OPTION_NAMES: ReadonlySet<string> = new Set<keyof ContextOptions>([
  "kind",
  "initialBytes",
  "maxChunkBytes",
  "slotBytes",
  "expectFreed",
]);

/** @throws InvalidOptionError for the first option that is not `known` */
export function refuseUnknownOptions(
  options: object,
  known: ReadonlySet<string>,
  owner: "context" | "heap",
): void {
  for (const option in options) {
    if (known.has(option)) continue;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has the option
    const value = (options as Record<string, unknown>)[option];
    const type = owner === "heap" ? "HeapOptions" : "ContextOptions";
    const hint = `Look at how it is spelled: ${type} lists what there is.`;
    throw new InvalidOptionError(CODE, option, value, `a ${owner} has no such option`, hint);
  }
}

function resolveExpectFreed(kind: ContextKind, expectFreed: unknown = false): boolean {
  if (typeof expectFreed !== "boolean")
    throw new InvalidOptionError(CODE, "expectFreed", expectFreed, "it is either true or false");
  if (!expectFreed || kind !== "bump") return expectFreed;
  const requirement = "a bump context cannot free one object";
  throw new InvalidOptionError(CODE, "expectFreed", expectFreed, requirement);
}

function isKind(kind: string): kind is ContextKind {
  return kind === "allocset" || kind === "bump" || kind === "slab";
}

function resolveSlotBytes(kind: ContextKind, slotBytes: number | undefined): number {
  if (kind === "slab") {
    if (slotBytes === undefined) {
      throw new InvalidOptionError(
        CODE,
        "slotBytes",
        slotBytes,
        "a slab needs it",
        `Give the length of its objects, 1 to ${MAX_SMALL_BYTES} bytes.`,
      );
    }
    checkWhole("slotBytes", slotBytes, 1, MAX_SMALL_BYTES);
    return (slotBytes + 15) & ~15;
  }
  if (slotBytes !== undefined) {
    throw new InvalidOptionError(
      CODE,
      "slotBytes",
      slotBytes,
      `only slabs have slots, and the kind is "${kind}"`,
      'Leave it out, or open the context with kind "slab".',
    );
  }
  return 0;
}

/** @throws InvalidSizeError `PERFLOC_CONTEXT_INVALID_OPTION` for anything but a whole number from `min` to `max` */
export function checkWhole(name: string, value: unknown, min: number, max: number): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return;
  throw new InvalidSizeError(CODE, name, value, min, max);
}
