/**
 * Figures of contexts, taken when asked for: nothing is counted on the hot paths.
 *
 *   usedBytes = liveBytes + freeBytes + headerBytes            for each context, and hence for each subtree
 *
 * PostgreSQL's columns and ours: total_bytes is `usedBytes`, total_nblocks `processChunks`, free_bytes `freeBytes`,
 * free_chunks `freeObjects`, used_bytes `liveBytes + headerBytes`, level and path the same.
 */
import { nextInPreorder } from "./context-tree.js";
import type { ContextKind } from "./context-options.js";
import type { MemoryContext } from "./memory-context.js";

/**
 * What one context holds itself, its children apart. `usedBytes = liveBytes + freeBytes + headerBytes`.
 * @public
 */
export interface ContextFigures {
  /** Bytes in its process chunks. */
  readonly usedBytes: number;
  /** Bytes in live objects, each rounded up to its size class; in a bump context all bytes handed out. */
  readonly liveBytes: number;
  /** Bytes that new objects can take without a new process chunk: freed slots and the ends of chunks. */
  readonly freeBytes: number;
  /** Bytes in process chunk headers. */
  readonly headerBytes: number;
  /** Live objects; `undefined` in a bump context, which does not know. */
  readonly liveObjects: number | undefined;
  /** Freed slots that wait for reuse. */
  readonly freeObjects: number;
  /** Process chunks in its chain. */
  readonly processChunks: number;
}

/**
 * A context in the tree that `stats()` answers.
 * @public
 */
export interface ContextStats extends ContextFigures {
  readonly name: string;
  readonly kind: ContextKind;
  /** Depth: 1 for a context opened on the heap. */
  readonly level: number;
  /** Names from the top to this context. */
  readonly path: readonly string[];
  /** The limit set on this context with `setLimit`, in bytes; `Infinity` without one. */
  readonly limitBytes: number;
  /** Sum of `usedBytes` over this context and everything below. */
  readonly subtreeUsedBytes: number;
  /** Sum of `liveBytes` over this context and everything below. */
  readonly subtreeLiveBytes: number;
  /** Contexts in this subtree, this one included. */
  readonly subtreeContexts: number;
  /** Newest first. */
  readonly children: readonly ContextStats[];
}

/** The same while it is being built. */
type ContextStatsDraft = { -readonly [K in keyof ContextStats]: ContextStats[K] } & {
  children: ContextStatsDraft[];
};

/** The stats of the subtree of `top`. No recursion, so depth does not matter; O(objects and freed slots). */
export function contextStats(top: MemoryContext): ContextStats {
  const drafts = new Map<MemoryContext, ContextStatsDraft>();
  const root = draftOf(top, pathTo(top));
  drafts.set(top, root);
  for (let at = nextInPreorder(top, top); at !== undefined; at = nextInPreorder(at, top)) {
    const parent = drafts.get(at.parent as MemoryContext) as ContextStatsDraft;
    const draft = draftOf(at, [...parent.path, at.name]);
    parent.children.push(draft);
    drafts.set(at, draft);
  }
  for (const [context, draft] of [...drafts].toReversed()) {
    if (context !== top) addToParent(draft, drafts.get(context.parent as MemoryContext) as ContextStatsDraft);
  }
  return root;
}

function draftOf(context: MemoryContext, path: readonly string[]): ContextStatsDraft {
  const figures = context.figures();
  const { ownLimit, name, kind } = context;
  return {
    name,
    kind,
    level: path.length,
    path,
    ...figures,
    limitBytes: ownLimit === undefined ? Infinity : ownLimit.maxBytes,
    subtreeUsedBytes: figures.usedBytes,
    subtreeLiveBytes: figures.liveBytes,
    subtreeContexts: 1,
    children: [],
  };
}

function addToParent(child: ContextStatsDraft, parent: ContextStatsDraft): void {
  parent.subtreeUsedBytes += child.subtreeUsedBytes;
  parent.subtreeLiveBytes += child.subtreeLiveBytes;
  parent.subtreeContexts += child.subtreeContexts;
}

function pathTo(context: MemoryContext): string[] {
  const path: string[] = [];
  for (let at: MemoryContext | undefined = context; at !== undefined; at = at.parent) path.push(at.name);
  return path.toReversed();
}
