/** The tree of contexts as the report shows it: largest first, childless ones of one name together, long lists cut. */
import type { ContextStats } from "@perfloc/context";
import type { ContextNode } from "./report-data.js";

/** Deeper contexts are summed up in their ancestor's subtree figures. */
const MAX_LEVELS = 30;
/** Smaller siblings are summed up in one node. */
const MAX_SIBLINGS = 40;

export function contextTree(siblings: readonly ContextStats[], level = 1): ContextNode[] {
  if (level > MAX_LEVELS) return [];
  const nodes = mergeByName(siblings, level).toSorted(
    (a, b) => b.subtreeUsedBytes - a.subtreeUsedBytes,
  );
  const rest = nodes.splice(MAX_SIBLINGS);
  if (rest.length > 0)
    nodes.push(rest.reduce((sum, node) => ({ ...joined(sum, node), name: "others" })));
  return nodes;
}

function mergeByName(siblings: readonly ContextStats[], level: number): ContextNode[] {
  const nodes: ContextNode[] = [];
  const leaves = new Map<string, ContextNode>();
  for (const stats of siblings) {
    const node = nodeOf(stats, level);
    if (stats.children.length > 0) {
      nodes.push(node);
      continue;
    }
    const same = leaves.get(stats.name);
    leaves.set(stats.name, same === undefined ? node : joined(same, node));
  }
  return [...nodes, ...leaves.values()];
}

function nodeOf(stats: ContextStats, level: number): ContextNode {
  const { name, usedBytes, liveBytes, subtreeUsedBytes, subtreeLiveBytes } = stats;
  const children = contextTree(stats.children, level + 1);
  return { name, count: 1, usedBytes, liveBytes, subtreeUsedBytes, subtreeLiveBytes, children };
}

function joined(a: ContextNode, b: ContextNode): ContextNode {
  return {
    name: a.name,
    count: a.count + b.count,
    usedBytes: a.usedBytes + b.usedBytes,
    liveBytes: a.liveBytes + b.liveBytes,
    subtreeUsedBytes: a.subtreeUsedBytes + b.subtreeUsedBytes,
    subtreeLiveBytes: a.subtreeLiveBytes + b.subtreeLiveBytes,
    children: [],
  };
}
