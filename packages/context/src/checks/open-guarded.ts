/** Makes contexts of a heap whose objects are guarded. */
import type { ResolvedContextOptions } from "../context-options.js";
import type { HeapState } from "../heap-state.js";
import type { MemoryContext } from "../memory-context.js";
import type { GuardLedger } from "./guard-ledger.js";
import { GuardedAllocsetContext } from "./guarded-allocset-context.js";
import { GuardedBumpContext } from "./guarded-bump-context.js";
import { GuardedSlabContext } from "./guarded-slab-context.js";
import { type Site, captureSite } from "./site.js";

export function openGuarded(
  state: HeapState,
  parent: MemoryContext | undefined,
  name: string,
  options: ResolvedContextOptions,
  ledger: GuardLedger,
): MemoryContext {
  const openedAt = ledger.isDebug ? captureSite(parent ?? ledger.opener, "open") : undefined;
  const context = makeGuarded(state, parent, name, options, ledger, openedAt);
  if (openedAt !== undefined) ledger.leakWatch?.opened(context, openedAt.frames);
  return context;
}

function makeGuarded(
  state: HeapState,
  parent: MemoryContext | undefined,
  name: string,
  options: ResolvedContextOptions,
  ledger: GuardLedger,
  openedAt: Site | undefined,
): MemoryContext {
  if (options.kind === "bump")
    return new GuardedBumpContext(state, parent, name, options, ledger, openedAt);
  if (options.kind === "slab")
    return new GuardedSlabContext(state, parent, name, options, ledger, openedAt);
  return new GuardedAllocsetContext(state, parent, name, options, ledger, openedAt);
}
