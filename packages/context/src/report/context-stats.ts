/**
 * Figures of contexts, taken when asked for: nothing is counted on the hot paths.
 *
 *   usedBytes = liveBytes + freeBytes + headerBytes            for each context, and hence for each subtree
 *
 * PostgreSQL's columns and ours: total_bytes is `usedBytes`, total_nblocks `processChunks`, free_bytes `freeBytes`,
 * free_chunks `freeObjects`, used_bytes `liveBytes + headerBytes`, level and path the same.
 */
import type { ContextKind } from "../context-options.js";
import { ownLimitOf } from "../scopes/memory-limit.js";
import { nextInPreorder } from "../scopes/context-tree.js";
import type { ContextNode } from "../tables/context-node.js";
import type { ContextFigures } from "./context-figures.js";

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

/** The stats of one context while the tree of them is being built, and afterwards. */
class ContextStatsNode implements ContextStats {
  readonly name: string;
  readonly kind: ContextKind;
  readonly level: number;
  readonly usedBytes: number;
  readonly liveBytes: number;
  readonly freeBytes: number;
  readonly headerBytes: number;
  readonly liveObjects: number | undefined;
  readonly freeObjects: number;
  readonly processChunks: number;
  readonly limitBytes: number;
  subtreeUsedBytes: number;
  subtreeLiveBytes: number;
  subtreeContexts = 1;
  readonly children: ContextStatsNode[] = [];
  /** Names above: those of the parent and of what is above it. */
  readonly #parent: { readonly path: readonly string[] };

  constructor(context: ContextNode, level: number, parent: { readonly path: readonly string[] }) {
    const figures = context.figures();
    this.name = context.name;
    this.kind = context.options.kind;
    this.level = level;
    this.usedBytes = figures.usedBytes;
    this.liveBytes = figures.liveBytes;
    this.freeBytes = figures.freeBytes;
    this.headerBytes = figures.headerBytes;
    this.liveObjects = figures.liveObjects;
    this.freeObjects = figures.freeObjects;
    this.processChunks = figures.processChunks;
    this.limitBytes = ownLimitOf(context)?.maxBytes ?? Infinity;
    this.subtreeUsedBytes = figures.usedBytes;
    this.subtreeLiveBytes = figures.liveBytes;
    this.#parent = parent;
  }

  /** Made when asked for: kept in each node, the paths of a deep tree would take memory quadratic in its depth. */
  get path(): readonly string[] {
    const names = [this.name];
    let at = this.#parent;
    for (; at instanceof ContextStatsNode; at = at.#parent) names.push(at.name);
    return [...at.path, ...names.toReversed()];
  }

  /** For JSON, which skips getters of a class. */
  toJSON(): object {
    return Object.assign({ path: this.path }, this);
  }
}

/** The stats of the subtree of `top`. No recursion, so depth does not matter; O(objects and freed slots). */
export function contextStats(top: ContextNode): ContextStats {
  const above = pathAbove(top);
  const root = new ContextStatsNode(top, above.length + 1, { path: above });
  const nodes = new Map([[top, root]]);
  for (let at = nextInPreorder(top, top); at !== undefined; at = nextInPreorder(at, top)) {
    const parent = nodes.get(at.parentNode!)!;
    const node = new ContextStatsNode(at, parent.level + 1, parent);
    parent.children.push(node);
    nodes.set(at, node);
  }
  for (const [context, node] of [...nodes].toReversed()) {
    if (context !== top) addToParent(node, nodes.get(context.parentNode!)!);
  }
  return root;
}

function addToParent(child: ContextStatsNode, parent: ContextStatsNode): void {
  parent.subtreeUsedBytes += child.subtreeUsedBytes;
  parent.subtreeLiveBytes += child.subtreeLiveBytes;
  parent.subtreeContexts += child.subtreeContexts;
}

function pathAbove(context: ContextNode): string[] {
  const path: string[] = [];
  for (let at = context.parentNode; at !== undefined; at = at.parentNode) path.push(at.name);
  return path.toReversed();
}
