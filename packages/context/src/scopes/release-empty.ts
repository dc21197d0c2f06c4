/** Process chunks without a live object, in a tree of contexts. */
import type { ContextNode } from "../tables/context-node.js";
import { nextInPreorder } from "./context-tree.js";

/** Gives them back to the arena. @returns how many bytes these were */
export function releaseEmptyBelow(top: ContextNode): number {
  let byteLength = 0;
  for (let at: ContextNode | undefined = top; at !== undefined; at = nextInPreorder(at, top))
    byteLength += at.releaseEmpty();
  return byteLength;
}
