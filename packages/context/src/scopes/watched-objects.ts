/**
 * Watched objects: their end is noticed, for weak references and for views of one object. Each has a lifetime and an identity of its own
 * from the first `watchObject` on.
 *
 *   freed, or moved by a realloc   ──► its lifetime is over, its entry is forgotten
 *   reset, drop, rollback          ──► the lifetime of all that was allocated at its time is over, and so is its own
 *
 * A watched object has a guarded cell, so that no hot path of free takes it: others pay nothing. An object that a rollback brings back after
 * it was freed is another one to those who watched it.
 */
import type { Address } from "@perfloc/arena";
import {
  type ContextExtras,
  type ContextNode,
  type WatchedObject,
  ownExtras,
} from "../tables/context-node.js";
import { Lifetime, lifetimeAt } from "./lifetime.js";

/**
 * Watches the object that begins at an address. O(checkpoints).
 * @returns `undefined` where no object of the context begins that lives
 * @throws UseAfterFreeError for a guarded object that was freed
 */
export function watchObject(context: ContextNode, address: Address): WatchedObject | undefined {
  const known = context.extras.watched.get(address);
  if (known !== undefined) return known;
  context.guards?.checkRange(address, 0);
  const depth = context.depthOf(address);
  if (depth < 0) return undefined;
  const extras = ownExtras(context);
  const object = {
    lifetime: new Lifetime(),
    epoch: lifetimeAt(extras.lifetimes, depth),
    identity: context.table.newIdentity(),
  };
  if (extras.watched.size === 0) extras.watched = new Map<Address, WatchedObject>();
  extras.watched.set(address, object);
  context.setWatched(address, true);
  return object;
}

/** The object at an address is freed. @returns whether it was watched */
export function endWatch({ extras }: ContextNode, address: Address): boolean {
  const object = extras.watched.get(address);
  if (object === undefined) return false;
  object.lifetime.free();
  return extras.watched.delete(address);
}

/** Ends the lifetimes of the objects that went with a reset, drop or rollback, whose own lifetimes were ended before. O(watched objects). */
export function endWatches({ watched }: ContextExtras): void {
  for (const [address, { epoch, lifetime }] of watched) {
    if (!epoch.isOver) continue;
    lifetime.end();
    watched.delete(address);
  }
}

/** Reallocates a watched object, which is another one where it moves. @returns `undefined` for one that is not watched */
export function reallocWatched(
  context: ContextNode,
  address: Address,
  realloc: () => Address,
): Address | undefined {
  if (!context.extras.watched.has(address)) return undefined;
  let target = address;
  context.setWatched(address, false);
  try {
    target = realloc();
  } finally {
    if (target === address) context.setWatched(address, true);
    else endWatch(context, address);
  }
  return target;
}
