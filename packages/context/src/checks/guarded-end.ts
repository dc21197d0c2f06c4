/** What guarded contexts of all kinds do around their end: the checks before it, and the memory that is left. */
import type { Address, PerflocError } from "@perfloc/arena";
import type { ContextFigures } from "../context-stats.js";
import { nextInPreorder } from "../context-tree.js";
import { MemoryContext, type ResetOptions } from "../memory-context.js";
import type { CallbackScope } from "../reset-callbacks.js";
import { verifyContext } from "../verify-heap.js";
import type { ObjectGuards } from "./object-guards.js";

/** A context of a heap whose objects are guarded. All contexts of such a heap are. */
export interface ContextWithGuards extends MemoryContext {
  readonly guards: ObjectGuards;
  /** How far the chunk that objects are cut from now has been cut. */
  readonly cutUpTo: Address;
}

/*
 * For `ObjectGuards.watch`: not closures, which would be garbage for each context that comes and goes. No plain kind has its own of these
 * three; if one had, it would have to be called here.
 */
export function plainReset(context: MemoryContext, options?: ResetOptions): void {
  MemoryContext.prototype.reset.call(context, options);
}

export function plainDrop(context: MemoryContext): void {
  MemoryContext.prototype.drop.call(context);
}

export function plainDropChildren(context: MemoryContext): void {
  MemoryContext.prototype.dropChildren.call(context);
}

export function hasGuards(context: MemoryContext): context is ContextWithGuards {
  return "guards" in context;
}

/**
 * Verifies contexts before they end, when their callbacks have run, and notes what is found: the first for each context's own
 * records, everything about its objects. A heap whose arena was disposed has nothing left to look at.
 */
export function noteBeforeEnd(top: MemoryContext, scope: CallbackScope): void {
  if (top.arena.isDisposed) return;
  for (
    let at: MemoryContext | undefined = top;
    at !== undefined;
    at = scope === "self" ? undefined : nextInPreorder(at, top)
  ) {
    if (at === top && scope === "children") continue;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every context of such a heap is one
    noteDamage(at as ContextWithGuards);
  }
}

function noteDamage(context: ContextWithGuards): void {
  const { guards } = context;
  const noted = guards.ledger.pendingCount;
  guards.poison?.update(context.cutUpTo);
  guards.noteAllDamage();
  if (guards.ledger.pendingCount > noted) return;
  try {
    verifyContext(context);
  } catch (error) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a walk that finds damage throws nothing else
    guards.ledger.note(error as PerflocError);
  }
}

/** The figures of a context: objects in quarantine are free to the program, which freed them. */
export function withoutQuarantined(figures: ContextFigures, guards: ObjectGuards): ContextFigures {
  const { quarantinedBytes, quarantinedObjects } = guards;
  if (quarantinedObjects === 0) return figures;
  return {
    ...figures,
    liveBytes: figures.liveBytes - quarantinedBytes,
    freeBytes: figures.freeBytes + quarantinedBytes,
    liveObjects: figures.liveObjects! - quarantinedObjects,
    freeObjects: figures.freeObjects + quarantinedObjects,
  };
}
