/** Moves a context, with everything below it, to another place in the tree of its heap. */
import { InvalidParentError } from "../errors.js";
import { ContextNode, HeapState } from "../tables/context-node.js";
import { isWithin, link, unlink } from "./context-tree.js";
import { inheritLimit } from "./limit-inheritance.js";
import { assertNotAroundEnding, assertNotEnding } from "./reset-callbacks.js";

/**
 * Hangs `context`, which is alive, below `parent`: a context or a heap.
 * @throws InvalidParentError, LimitExceededError, UseAfterDropError, ReentrancyError; nothing has changed then
 */
export function moveBelow(context: ContextNode, parent: unknown): void {
  assertNotAroundEnding(context, "move");
  const target = parent instanceof ContextNode ? parent : undefined;
  assertParent(context, parent, target);
  inheritLimit(context, target?.limit);
  unlink(context.parentNode ?? context.state, context);
  context.parentNode = target;
  link(target ?? context.state, context);
}

function assertParent(
  context: ContextNode,
  parent: unknown,
  target: ContextNode | undefined,
): void {
  const { name } = context;
  if (!hasState(parent))
    throw new InvalidParentError(name, typeof parent, "it is neither a context nor a heap");
  if (parent.state !== context.state) {
    const fact = "they do not belong to the same heap";
    throw new InvalidParentError(name, target?.name ?? "heap", fact);
  }
  if (target === undefined) return;
  target.checkAlive("move a child to");
  assertNotEnding(target, "move a child to");
  if (isWithin(target, context))
    throw new InvalidParentError(name, target.name, "it is the same context or one below it");
}

function hasState(parent: unknown): parent is { readonly state: HeapState } {
  return (
    typeof parent === "object" &&
    parent !== null &&
    "state" in parent &&
    parent.state instanceof HeapState
  );
}
