/**
 * Callbacks that run when a context is reset or dropped: the last registered first, children before parents, each once.
 *
 * They run *before* any memory goes, so that they see the objects they are about. A callback that throws stops neither
 * the others nor the reset: what was thrown is collected. While they run, the tree that goes away cannot be changed.
 */
import { ReentrancyError } from "../errors.js";
import type { ContextNode, EndScope } from "../tables/context-node.js";
import { firstInPostorder, isWithin, nextInPostorder } from "./context-tree.js";

/** Runs and forgets callbacks; returns what they threw, in order. */
export function runResetCallbacks(top: ContextNode, scope: EndScope): unknown[] {
  const { state } = top;
  const errors: unknown[] = [];
  // Counts as a callback of its own, so that operations keep looking for it while the last one runs.
  state.callbackCount++;
  state.ending.push(top);
  try {
    const first = scope === "self" ? top : firstInPostorder(top);
    for (let at: ContextNode | undefined = first; at !== undefined; at = nextInPostorder(at, top)) {
      if (at !== top || scope !== "children") runOwnCallbacks(at, errors);
    }
  } finally {
    state.ending.pop();
    state.callbackCount--;
  }
  return errors;
}

/** @throws ReentrancyError when `context` is in a tree whose callbacks are running */
export function assertNotEnding(context: ContextNode, operation: string): void {
  for (const top of context.state.ending) {
    if (isWithin(context, top)) throw new ReentrancyError(context.name, operation);
  }
}

/** @throws ReentrancyError when `context` is in, or around, a tree whose callbacks are running */
export function assertNotAroundEnding(context: ContextNode, operation: string): void {
  assertNotEnding(context, operation);
  for (const top of context.state.ending) {
    if (isWithin(top, context)) throw new ReentrancyError(context.name, operation);
  }
}

function runOwnCallbacks(context: ContextNode, errors: unknown[]): void {
  const callbacks = context.extras.callbacks;
  for (let callback = callbacks.pop(); callback !== undefined; callback = callbacks.pop()) {
    context.state.callbackCount--;
    try {
      callback.run();
    } catch (error) {
      errors.push(error);
    }
  }
}
