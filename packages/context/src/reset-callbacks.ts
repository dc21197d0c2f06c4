/**
 * Callbacks that run when a context is reset or dropped: the last registered first, children before parents, each once.
 *
 * They run *before* any memory goes, so that they see the objects they are about. A callback that throws stops neither
 * the others nor the reset: what was thrown is collected. While they run, the tree that goes away cannot be changed.
 */
import { firstInPostorder, isWithin, nextInPostorder } from "./context-tree.js";
import { ReentrancyError } from "./errors.js";
import type { MemoryContext } from "./memory-context.js";

/** One registration; it is its own identity, so that the same function can be registered twice. */
export interface ResetCallback {
  readonly run: () => void;
}

/** Whose callbacks run: those of the context, of everything below it, or both. */
export type CallbackScope = "self" | "children" | "subtree";

/** Runs and forgets callbacks; answers what they threw, in order. */
export function runResetCallbacks(top: MemoryContext, scope: CallbackScope): unknown[] {
  const { state } = top;
  const errors: unknown[] = [];
  // Counts as a callback of its own, so that operations keep looking for it while the last one runs.
  state.callbackCount++;
  state.goingAway.push(top);
  try {
    const first = scope === "self" ? top : firstInPostorder(top);
    for (
      let at: MemoryContext | undefined = first;
      at !== undefined;
      at = nextInPostorder(at, top)
    ) {
      if (at !== top || scope !== "children") runOwnCallbacks(at, errors);
    }
  } finally {
    state.goingAway.pop();
    state.callbackCount--;
  }
  return errors;
}

/** @throws ReentrancyError when `context` is in a tree whose callbacks are running */
export function refuseInGoingAwayTree(context: MemoryContext, operation: string): void {
  for (const top of context.state.goingAway) {
    if (isWithin(context, top)) throw new ReentrancyError(context.name, operation);
  }
}

/** @throws ReentrancyError when `context` is in, or around, a tree whose callbacks are running */
export function refuseAroundGoingAwayTree(context: MemoryContext, operation: string): void {
  refuseInGoingAwayTree(context, operation);
  for (const top of context.state.goingAway) {
    if (isWithin(top, context)) throw new ReentrancyError(context.name, operation);
  }
}

function runOwnCallbacks(context: MemoryContext, errors: unknown[]): void {
  const callbacks = context.resetCallbacks;
  for (let callback = callbacks.pop(); callback !== undefined; callback = callbacks.pop()) {
    context.state.callbackCount--;
    try {
      callback.run();
    } catch (error) {
      errors.push(error);
    }
  }
}
