/** The context tree of the report: rows that fold, with the figures of each subtree. */
import { escapeHtml } from "./escape-html.js";
import { bytes } from "./quantity.js";
import type { ContextNode } from "./report-data.js";

/** Deeper rows are folded at first. */
const OPEN_LEVELS = 2;

export function contextTable(nodes: readonly ContextNode[]): string {
  const largest = Math.max(1, ...nodes.map((node) => node.subtreeUsedBytes));
  const rows = nodes.map((node) => rowHtml(node, 0, largest)).join("\n");
  return `<div class="tree">
<div class="row head"><span>context, with all below it</span><span>used</span><span>live</span>
<span class="key"><i class="used"></i>used <i class="live"></i>live</span></div>
${rows}
</div>`;
}

function rowHtml(node: ContextNode, level: number, largest: number): string {
  const row = cellsHtml(node, level, largest);
  if (node.children.length === 0) return `<div class="row">${row}</div>`;
  const children = node.children.map((child) => rowHtml(child, level + 1, largest)).join("\n");
  const open = level < OPEN_LEVELS - 1 ? " open" : "";
  return `<details${open}><summary class="row">${row}</summary>\n${children}\n</details>`;
}

function cellsHtml(node: ContextNode, level: number, largest: number): string {
  const { name, count, subtreeUsedBytes, subtreeLiveBytes, children } = node;
  const times = count > 1 ? ` <small>× ${count}</small>` : "";
  const marker = `<b class="${children.length > 0 ? "fold" : "leaf"}"></b>`;
  return `<span style="--level: ${level}">${marker}${escapeHtml(name)}${times}</span>
<span>${bytes(subtreeUsedBytes)}</span><span>${bytes(subtreeLiveBytes)}</span>
<span class="bar"><i class="used" style="width: ${percent(subtreeUsedBytes, largest)}"></i><i class="live" style="width: ${percent(subtreeLiveBytes, largest)}"></i></span>`;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)}%`;
}
