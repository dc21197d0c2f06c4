/** The look at contexts of the level `debug` before they end. */
import { nextInPreorder } from "../scopes/context-tree.js";
import type { ContextNode, EndScope } from "../tables/context-node.js";

/** Has the guards of all contexts in `scope` of `top` note what is damaged. */
export function noteBeforeEnd(top: ContextNode, scope: EndScope): void {
  for (
    let at: ContextNode | undefined = top;
    at !== undefined;
    at = scope === "self" ? undefined : nextInPreorder(at, top)
  ) {
    if (at !== top || scope !== "children") at.guards?.noteDamage();
  }
}
