/**
 * Constructs an allocset in one step. V8 does not inline the constructors of a class that extends three others into a longer
 * function, and calls each through two builtins then: opening a context took 36 ns instead of 18.
 */
import type { ResolvedContextOptions } from "../context-options.js";
import {
  type ContextNode,
  type HeapState,
  NO_EXTRAS,
  WITHOUT_HEADS,
} from "../tables/context-node.js";
import { AllocsetContext } from "./allocset-context.js";
import { NO_TAG } from "./cells.js";

/* The module's own copies: V8 folds them into the code of the hot path, while an imported binding is a load from memory each time. */
const WITHOUT_EXTRAS = NO_EXTRAS;
const UNTAGGED = NO_TAG;
const NO_HEADS = WITHOUT_HEADS;

/** Fields of a context, of which only the constructor writes some. */
type Fields = { -readonly [K in keyof AllocsetContext]: AllocsetContext[K] };

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- it has what its prototype has
interface FlatAllocset extends Fields {}

/** Writes the fields in the order of ContextNode, and inherits everything from AllocsetContext. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging, typescript/no-extraneous-class -- see above
class FlatAllocset {
  constructor(
    state: HeapState,
    parent: ContextNode | undefined,
    name: string,
    options: ResolvedContextOptions,
  ) {
    this.cursor = 0;
    this.limitAddress = 0;
    this.freeMask = 0;
    this.tag = UNTAGGED;
    this.planes = state.planes;
    this.table = state.table;
    this.heads = NO_HEADS;
    this.largerMask = 0;
    this.id = 0;
    this.newestChunk = 0;
    this.keeper = 0;
    this.currentChunk = 0;
    this.usedBytes = 0;
    this.name = name;
    this.options = options;
    this.state = state;
    this.limit = parent === undefined ? undefined : parent.limit;
    this.parentNode = parent;
    this.firstChild = undefined;
    this.nextSibling = undefined;
    this.previousSibling = undefined;
    this.extras = WITHOUT_EXTRAS;
    this.guards = undefined;
    this.isDropped = false;
  }
}

Object.setPrototypeOf(FlatAllocset.prototype, AllocsetContext.prototype);

/** `AllocsetContext`, constructed in one step. */
export const NewAllocset: typeof AllocsetContext = asAllocset(FlatAllocset);

function asAllocset(flat: unknown): typeof AllocsetContext {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its instances are allocsets by their prototype
  return flat as typeof AllocsetContext;
}
