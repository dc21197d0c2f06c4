/** Prints contexts as an indented tree, for people and for out-of-memory reports. */
import { counted } from "@perfloc/arena/internal";
import { ownLimitOf } from "../scopes/memory-limit.js";
import type { ContextNode, ContextParent } from "../tables/context-node.js";
import type { ContextFigures } from "./context-figures.js";
import { type ContextStats, contextStats } from "./context-stats.js";

/** Deeper levels and further children are summed up in one line, as PostgreSQL does. */
const MAX_LEVELS = 20;
const MAX_CHILDREN = 20;

/**
 * For example:
 *
 *   session (allocset): 12288 used in 2 process chunks, 9000 live in 31 objects, 3256 free
 *     query (bump): 4096 used in 1 process chunk, 1200 live, 2880 free
 */
export function printTree(top: ContextNode): string {
  const lines: string[] = [];
  printContext(contextStats(top), 0, lines);
  return lines.join("\n");
}

/** The same for all contexts of a heap. */
export function printForest(heap: ContextParent): string {
  const lines: string[] = [];
  printChildren(childrenStats(heap), 0, lines);
  return lines.length === 0 ? "no contexts are open" : lines.join("\n");
}

/** The stats of everything below `parent`, newest first. */
export function childrenStats(parent: ContextParent): ContextStats[] {
  const stats: ContextStats[] = [];
  for (let child = parent.firstChild; child !== undefined; child = child.nextSibling) {
    stats.push(contextStats(child));
  }
  return stats;
}

/** One context in a line, its children apart. */
export function printOne(context: ContextNode): string {
  const { name } = context;
  const { kind } = context.options;
  const limitBytes = ownLimitOf(context)?.maxBytes ?? Infinity;
  return printLine({ name, kind, limitBytes, ...context.figures() });
}

function printContext(stats: ContextStats, indent: number, lines: string[]): void {
  lines.push("  ".repeat(indent) + printLine(stats));
  printChildren(stats.children, indent + 1, lines);
}

function printLine(
  stats: Pick<ContextStats, "name" | "kind" | "limitBytes" | keyof ContextFigures>,
): string {
  const chunks = counted(stats.processChunks, "process chunk");
  const objects =
    stats.liveObjects === undefined ? "" : ` in ${counted(stats.liveObjects, "object")}`;
  const limit = stats.limitBytes === Infinity ? "" : `, limit ${stats.limitBytes}`;
  return `${stats.name} (${stats.kind}): ${stats.usedBytes} used in ${chunks}, ${stats.liveBytes} live${objects}, ${stats.freeBytes} free${limit}`;
}

function printChildren(children: readonly ContextStats[], indent: number, lines: string[]): void {
  const shown = indent < MAX_LEVELS ? children.slice(0, MAX_CHILDREN) : [];
  for (const child of shown) printContext(child, indent, lines);
  const hidden = children.slice(shown.length);
  if (hidden.length === 0) return;
  const contexts = hidden.reduce((sum, child) => sum + child.subtreeContexts, 0);
  const usedBytes = hidden.reduce((sum, child) => sum + child.subtreeUsedBytes, 0);
  lines.push(`${"  ".repeat(indent)}... and ${contexts} more contexts: ${usedBytes} used`);
}
