/**
 * The tree of contexts: links, and walks that use no recursion, so that a chain of a million contexts is dropped as
 * safely as three.
 *
 *   parent ──firstChild──► newest ◄──sibling links──► ... ◄──► oldest
 *
 * New children go to the front: walking children meets the newest first.
 */
import type { ContextNode, ContextParent } from "../tables/context-node.js";

/** Puts `child`, which hangs nowhere, in front of the children of `parent`. */
export function link(parent: ContextParent, child: ContextNode): void {
  const next = parent.firstChild;
  child.previousSibling = undefined;
  child.nextSibling = next;
  if (next !== undefined) next.previousSibling = child;
  parent.firstChild = child;
}

/** Takes `child` out of the children of `parent`. O(1). */
export function unlink(parent: ContextParent, child: ContextNode): void {
  const { nextSibling, previousSibling } = child;
  if (nextSibling !== undefined) nextSibling.previousSibling = previousSibling;
  if (previousSibling === undefined) parent.firstChild = nextSibling;
  else previousSibling.nextSibling = nextSibling;
  child.nextSibling = undefined;
  child.previousSibling = undefined;
}

/** The first context that a children-first walk of the subtree of `top` meets. */
export function firstInPostorder(top: ContextNode): ContextNode {
  let node = top;
  while (node.firstChild !== undefined) node = node.firstChild;
  return node;
}

/** The next one after `node`; `undefined` after `top` itself, which comes last. */
export function nextInPostorder(node: ContextNode, top: ContextNode): ContextNode | undefined {
  if (node === top) return undefined;
  return node.nextSibling === undefined ? node.parentNode : firstInPostorder(node.nextSibling);
}

/** The next context of a parents-first walk of the subtree of `top`; `undefined` at its end. */
export function nextInPreorder(node: ContextNode, top: ContextNode): ContextNode | undefined {
  if (node.firstChild !== undefined) return node.firstChild;
  let at = node;
  while (at !== top) {
    if (at.nextSibling !== undefined) return at.nextSibling;
    at = at.parentNode!;
  }
  return undefined;
}

/** All contexts of a heap, parents first. Cold. */
export function* allContexts(heap: ContextParent): Generator<ContextNode> {
  for (let top = heap.firstChild; top !== undefined; top = top.nextSibling) {
    for (let at: ContextNode | undefined = top; at !== undefined; at = nextInPreorder(at, top))
      yield at;
  }
}

/** Whether `node` is `ancestor` or lies below it. O(depth). */
export function isWithin(node: ContextNode | undefined, ancestor: ContextNode): boolean {
  for (let at = node; at !== undefined; at = at.parentNode) if (at === ancestor) return true;
  return false;
}
