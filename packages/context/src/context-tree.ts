/**
 * The tree of contexts: links, and walks that use no recursion, so that a chain of a million contexts is dropped as
 * safely as three.
 *
 *   parent ──firstChild──► newest ◄──sibling links──► ... ◄──► oldest
 *
 * New children go to the front: walking children meets the newest first.
 */
import type { MemoryContext } from "./memory-context.js";

/** Whatever has children: a context, or the heap. */
export interface ContextParent {
  firstChild: MemoryContext | undefined;
}

/** Puts `child`, which hangs nowhere, in front of the children of `parent`. */
export function link(parent: ContextParent, child: MemoryContext): void {
  const next = parent.firstChild;
  child.previousSibling = undefined;
  child.nextSibling = next;
  if (next !== undefined) next.previousSibling = child;
  parent.firstChild = child;
}

/** Takes `child` out of the children of `parent`. O(1). */
export function unlink(parent: ContextParent, child: MemoryContext): void {
  const { nextSibling, previousSibling } = child;
  if (nextSibling !== undefined) nextSibling.previousSibling = previousSibling;
  if (previousSibling === undefined) parent.firstChild = nextSibling;
  else previousSibling.nextSibling = nextSibling;
  child.nextSibling = undefined;
  child.previousSibling = undefined;
}

/** The first context that a children-first walk of the subtree of `top` meets. */
export function firstInPostorder(top: MemoryContext): MemoryContext {
  let node = top;
  while (node.firstChild !== undefined) node = node.firstChild;
  return node;
}

/** The next one after `node`; `undefined` after `top` itself, which comes last. */
export function nextInPostorder(
  node: MemoryContext,
  top: MemoryContext,
): MemoryContext | undefined {
  if (node === top) return undefined;
  return node.nextSibling === undefined ? node.parent : firstInPostorder(node.nextSibling);
}

/** The next context of a parents-first walk of the subtree of `top`; `undefined` at its end. */
export function nextInPreorder(node: MemoryContext, top: MemoryContext): MemoryContext | undefined {
  if (node.firstChild !== undefined) return node.firstChild;
  let at = node;
  while (at !== top) {
    if (at.nextSibling !== undefined) return at.nextSibling;
    at = at.parent!;
  }
  return undefined;
}

/** Whether `node` is `ancestor` or lies below it. O(depth). */
export function isWithin(node: MemoryContext | undefined, ancestor: MemoryContext): boolean {
  for (let at = node; at !== undefined; at = at.parent) if (at === ancestor) return true;
  return false;
}
