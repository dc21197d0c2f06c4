/** The errors of memory contexts; those of sizes, addresses and memory running out come from the layer below. */
import { type Address, PerflocError } from "@perfloc/arena";

/**
 * The three places of a double free, each up to six frames of the stack, innermost first; empty where no site was kept.
 * @public
 */
export interface DoubleFreeSites {
  readonly allocatedAt: readonly string[];
  readonly freedAt: readonly string[];
  readonly freedAgainAt: readonly string[];
}

const NO_SITES: DoubleFreeSites = { allocatedAt: [], freedAt: [], freedAgainAt: [] };

/**
 * An object was freed a second time, or reallocated or measured after it was freed.
 * @public
 */
export class DoubleFreeError extends PerflocError {
  readonly address: Address;
  /** Name of the context. */
  readonly context: string;
  /**
   * Up to six frames of the call that allocated the object, innermost first. All three are empty unless it was guarded and waits in the
   * quarantine: on `debug` they then are known, on `sample` for one guarded object in 512.
   */
  readonly allocatedAt: readonly string[];
  /** The same of the call that freed it. */
  readonly freedAt: readonly string[];
  /** The same of the call that was refused. */
  readonly freedAgainAt: readonly string[];
  /** The three places together. */
  readonly sites: DoubleFreeSites;

  constructor(address: Address, context: string, sites: DoubleFreeSites = NO_SITES) {
    super(
      "PERFLOC_CONTEXT_DOUBLE_FREE",
      `address ${printedAt(address)} was already freed in context "${context}"${sites.freedAt[0] === undefined ? "" : `, at ${sites.freedAt[0]}`}`,
      "Do not use an object after its free, and free it once, or not at all: reset() and drop() free everything.",
    );
    this.allocatedAt = sites.allocatedAt;
    this.freedAt = sites.freedAt;
    this.freedAgainAt = sites.freedAgainAt;
    this.address = address;
    this.context = context;
    this.sites = sites;
  }
}

/**
 * The kind of context cannot do what was asked.
 * @public
 */
export class WrongKindError extends PerflocError {
  readonly context: string;
  readonly kind: string;
  /** What the kind cannot do, as the message says it. */
  readonly operation: string;

  constructor(context: string, kind: string, operation: string, hint: string) {
    super("PERFLOC_CONTEXT_WRONG_KIND", `${kind} context "${context}" cannot ${operation}`, hint);
    this.context = context;
    this.kind = kind;
    this.operation = operation;
  }
}

/**
 * A mark belongs to another context, or what it stood for is gone: reset, dropped or rolled back past it.
 * @public
 */
export class StaleMarkError extends PerflocError {
  readonly context: string;

  constructor(context: string, act: string) {
    super(
      "PERFLOC_CONTEXT_STALE_MARK",
      `cannot ${act} context "${context}": the mark is not one of its live marks`,
      "A mark serves once, and only its own context. It also dies at reset(), at drop(), and when an earlier mark is rolled back to or committed.",
    );
    this.context = context;
  }
}

/**
 * A context was to become its own ancestor, or to move to another heap.
 * @public
 */
export class InvalidParentError extends PerflocError {
  readonly context: string;
  readonly parent: string;

  constructor(context: string, parent: string, fact: string) {
    super(
      "PERFLOC_CONTEXT_INVALID_PARENT",
      `cannot make "${parent}" the parent of context "${context}": ${fact}`,
      "Choose the heap itself, or one of its contexts that is not below the one that moves.",
    );
    this.context = context;
    this.parent = parent;
  }
}

/**
 * A reset callback tried to change the tree of contexts that is being reset or dropped.
 * @public
 */
export class ReentrancyError extends PerflocError {
  readonly context: string;
  readonly operation: string;

  constructor(context: string, operation: string) {
    super(
      "PERFLOC_CONTEXT_REENTRANCY",
      `cannot ${operation} context "${context}" from a reset callback: it is being reset or dropped`,
      "Callbacks may read, allocate and free, but not open, reset, drop or move contexts of the tree that goes away.",
    );
    this.context = context;
    this.operation = operation;
  }
}

/**
 * One or more reset callbacks threw. All of them were run and the memory was given up all the same.
 * @public
 */
export class ResetCallbackError extends PerflocError {
  readonly context: string;
  /** What the callbacks threw, in the order in which they ran. */
  readonly errors: readonly unknown[];

  constructor(context: string, errors: readonly unknown[]) {
    super(
      "PERFLOC_CONTEXT_RESET_CALLBACK",
      `${errors.length} reset callback${errors.length === 1 ? "" : "s"} of context "${context}" or its children threw`,
      "The contexts were reset or dropped completely; see errors for what was thrown.",
      { cause: errors[0] },
    );
    this.context = context;
    this.errors = errors;
  }
}

/** The hint for overwritten bytes: what to do next depends on what the check level can find. */
export function corruptionHint(check: string): string {
  if (check === "debug")
    return "Bytes were overwritten that are no object's: look for writes before the beginning of the objects behind them, or far past the end of those before. If there are none, this is a bug of Perfloc: please report it.";
  return 'Bytes outside an object were overwritten. Run it with check "debug", which names the object and the place that allocated it.';
}

/** An address as messages have it, decimal and hexadecimal. */
export function printedAt(address: Address): string {
  return `${address} (0x${address.toString(16)})`;
}
