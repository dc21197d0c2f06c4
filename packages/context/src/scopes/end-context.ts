/**
 * The end of contexts: what reset and drop do once they may.
 *
 *   reset ──► clearContext                                   all but the keeper goes back; the objects' tag is over
 *   drop  ──► dissolveContext                                everything goes back, the context leaves the tree
 *   with callbacks, listeners or guards: resetSlow, dropSlow     callbacks first, then what guards look at, then the same
 */
import { requireStack } from "@perfloc/arena/internal";
import { releaseQuickly } from "../chunks/quick-chunks.js";
import { leaveChunk, releaseChain, releaseToKeeper } from "../chunks/chunk-chain.js";
import { highWaterOf, previousChunk } from "../chunks/chunk-header.js";
import { ResetCallbackError } from "../errors.js";
import { type ContextNode, type EndScope, NO_EXTRAS } from "../tables/context-node.js";
import { firstInPostorder, unlink } from "./context-tree.js";
import { endLifetimes } from "./lifetime.js";
import { assertNotAroundEnding, runResetCallbacks } from "./reset-callbacks.js";
import { endWatches } from "./watched-objects.js";

/** The module's own copy: V8 folds it into the hot path, while an imported binding is a load from memory each time. */
const WITHOUT_EXTRAS = NO_EXTRAS;

/** Ends all objects of a context. */
export function clearContext(context: ContextNode): void {
  context.state.resets++;
  const { keeper } = context;
  // Big objects that came first lie before the keeper.
  const isAlone = context.newestChunk === keeper && keeper !== 0;
  if (!isAlone || previousChunk(context.planes, keeper) !== 0) {
    requireStack();
    leaveChunk(context);
    releaseToKeeper(context);
  }
  context.guards?.reset(keeper, keeper === 0 ? 0 : highWaterOf(context, keeper));
  context.forgetObjects();
  if (context.extras !== WITHOUT_EXTRAS) endExtras(context);
}

/** Ends a context without children. Part of the hot path of `drop`. */
export function dissolveContext(context: ContextNode): void {
  if (!releaseQuickly(context)) releaseAll(context);
  if (context.extras !== WITHOUT_EXTRAS) endExtras(context);
  const { state } = context;
  unlink(context.parentNode ?? state, context);
  context.isDropped = true;
  state.contextsDropped++;
  if (state.events !== undefined) state.events.emit("context-dropped", { context });
}

/** Children first, newest first; each context is visited once on the way down and once on the way up. */
export function dissolveChildren(context: ContextNode): void {
  let node = firstInPostorder(context);
  while (node !== context) {
    const parent = node.parentNode!;
    dissolveContext(node);
    node = firstInPostorder(parent);
  }
}

/** Resets a context where callbacks, listeners or guards may have to do with it. @throws UseAfterDropError, ReentrancyError and what they throw */
export function resetSlow(context: ContextNode, withChildren: boolean): void {
  context.checkAlive("reset");
  end(context, "reset", withChildren ? "subtree" : "self", () => {
    if (withChildren) dissolveChildren(context);
    clearContext(context);
    context.state.events?.emit("context-reset", { context });
  });
}

/** The same for a drop. */
export function dropSlow(context: ContextNode): void {
  context.checkAlive("drop");
  end(context, "drop", "subtree", () => {
    dissolveChildren(context);
    dissolveContext(context);
  });
}

/** Drops the children of a context. */
export function dropChildrenOf(context: ContextNode): void {
  context.checkAlive("drop the children of");
  end(context, "drop the children of", "children", () => dissolveChildren(context));
}

/** What callbacks threw comes first, then the first finding of the guards; the end is done all the same. */
function end(context: ContextNode, operation: string, scope: EndScope, run: () => void): void {
  const { ledger } = context.state;
  const noted = ledger?.pendingCount ?? 0;
  assertNotAroundEnding(context, operation);
  const errors = context.state.callbackCount === 0 ? [] : runResetCallbacks(context, scope);
  context.guards?.beforeEnd(scope);
  run();
  if (errors.length > 0) {
    ledger?.tellSince(noted);
    throw new ResetCallbackError(context.name, errors);
  }
  ledger?.throwSince(noted);
}

function releaseAll(context: ContextNode): void {
  requireStack();
  if (context.newestChunk !== 0) leaveChunk(context);
  releaseChain(context);
  context.guards?.drop();
  context.freeMask = 0;
  context.largerMask = 0;
}

function endExtras({ extras }: ContextNode): void {
  extras.marks = [];
  endLifetimes(extras.lifetimes, 0);
  if (extras.watched.size > 0) endWatches(extras);
}
