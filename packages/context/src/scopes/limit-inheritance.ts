/**
 * Which limit counts for which context: each context knows the nearest one above it, so that adding a process chunk asks
 * no ancestors. Setting a limit and moving a context under another limit re-point the subtree; both are rare.
 */
import { InvalidSizeError } from "@perfloc/arena";
import { nextInPreorder } from "./context-tree.js";
import { moveLimitReached } from "../report/out-of-memory.js";
import type { ContextNode, MemoryLimit } from "../tables/context-node.js";
import { charge, ownLimitOf } from "./memory-limit.js";

const LARGEST_LIMIT_BYTES = 2 ** 32;

/** Sets, changes or (with Infinity) takes away the limit of a context. */
export function applyLimit(context: ContextNode, maxBytes: number): void {
  const isValid = Number.isInteger(maxBytes) && maxBytes >= 0 && maxBytes <= LARGEST_LIMIT_BYTES;
  if (!isValid && maxBytes !== Infinity) {
    throw new InvalidSizeError(
      "PERFLOC_CONTEXT_INVALID_LIMIT",
      "limit",
      maxBytes,
      0,
      LARGEST_LIMIT_BYTES,
    );
  }
  const own = ownLimitOf(context);
  if (own === undefined) {
    if (maxBytes !== Infinity) {
      const usedBytes = subtreeUsedBytes(context);
      repoint(context, context.limit, {
        context,
        outer: context.limit,
        maxBytes,
        usedBytes,
      });
    }
  } else if (maxBytes === Infinity) {
    repoint(context, own, own.outer);
  } else {
    own.maxBytes = maxBytes;
  }
}

/** Moves what `context` and its subtree hold from the limit they inherit to `target`, which they inherit from then on. */
export function inheritLimit(context: ContextNode, target: MemoryLimit | undefined): void {
  const own = ownLimitOf(context);
  const source = own === undefined ? context.limit : own.outer;
  if (source === target) return;
  const movedBytes = own === undefined ? subtreeUsedBytes(context) : own.usedBytes;
  if (movedBytes > 0) {
    for (let at = target; at !== undefined && !isAround(at, source); at = at.outer) {
      if (at.usedBytes + movedBytes > at.maxBytes) throw moveLimitReached(context, movedBytes, at);
    }
  }
  charge(source, -movedBytes);
  charge(target, movedBytes);
  if (own === undefined) repoint(context, source, target);
  else own.outer = target;
}

/** Whether `limit` is `inner` or around it: what is counted by `inner` is counted by it already. */
function isAround(limit: MemoryLimit, inner: MemoryLimit | undefined): boolean {
  for (let at = inner; at !== undefined; at = at.outer) if (at === limit) return true;
  return false;
}

/** Replaces `from` by `to` as the limit of the subtree, and as the outer one of limits inside it. */
function repoint(
  top: ContextNode,
  from: MemoryLimit | undefined,
  to: MemoryLimit | undefined,
): void {
  for (let at: ContextNode | undefined = top; at !== undefined; at = nextInPreorder(at, top)) {
    const ownLimit = ownLimitOf(at);
    if (at.limit === from) at.limit = to;
    else if (ownLimit !== undefined && ownLimit.outer === from) ownLimit.outer = to;
  }
}

function subtreeUsedBytes(top: ContextNode): number {
  let usedBytes = 0;
  for (let at: ContextNode | undefined = top; at !== undefined; at = nextInPreorder(at, top)) {
    usedBytes += at.usedBytes;
  }
  return usedBytes;
}
