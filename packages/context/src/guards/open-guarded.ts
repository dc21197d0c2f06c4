/** Makes contexts of a heap whose objects are guarded. */
import type { ResolvedContextOptions } from "../context-options.js";
import type { ContextNode, HeapState } from "../tables/context-node.js";
import { ContextGuards } from "./context-guards.js";
import type { GuardLedger } from "./guard-ledger.js";
import { GuardedAllocset } from "./guarded-allocset.js";
import { GuardedBump } from "./guarded-bump.js";
import { GuardedSlab } from "./guarded-slab.js";
import { captureSite } from "./site.js";

export function openGuarded(
  state: HeapState,
  parent: ContextNode | undefined,
  name: string,
  options: ResolvedContextOptions,
  ledger: GuardLedger,
): ContextNode {
  // On `sample` most contexts never have a guarded object: their guards are made with the first.
  if (!ledger.isDebug) return makeGuarded(state, parent, name, options, ledger);
  const openedAt = captureSite(parent ?? ledger.opener, "open");
  const context = makeGuarded(state, parent, name, options, ledger);
  const watchId = ledger.leakWatch?.opened(name, openedAt.frames) ?? 0;
  context.guards = new ContextGuards(context, openedAt, watchId);
  return context;
}

function makeGuarded(
  state: HeapState,
  parent: ContextNode | undefined,
  name: string,
  options: ResolvedContextOptions,
  ledger: GuardLedger,
): GuardedAllocset | GuardedBump | GuardedSlab {
  if (options.kind === "bump") return new GuardedBump(state, parent, name, options, ledger);
  if (options.kind === "slab") return new GuardedSlab(state, parent, name, options, ledger);
  return new GuardedAllocset(state, parent, name, options, ledger);
}
