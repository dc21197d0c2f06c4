/**
 * The live checkpoints of a context, as a stack: going back to one uses up the later ones, forgetting one forgets them.
 *
 *   marks      0        1        2          oldest first
 *   objects    tag a    tag b    tag c      of what was allocated before each; the context has the tag of what comes now
 */
import { StaleMarkError } from "../errors.js";
import { type ContextNode, ownExtras } from "../tables/context-node.js";
import type { ContextMark } from "./context-mark.js";
import { endLifetimes, joinLifetimes } from "./lifetime.js";
import { endWatches } from "./watched-objects.js";

/** Makes a checkpoint of this moment. */
export function pushCheckpoint(context: ContextNode): ContextMark {
  const { guards } = context;
  return guards === undefined ? push(context) : guards.checkpoint(() => push(context));
}

/** Goes back to a checkpoint. @throws StaleMarkError */
export function goBackTo(context: ContextNode, mark: ContextMark): void {
  const position = positionOf(context, mark, "roll back");
  const { guards } = context;
  if (guards === undefined) goBack(context, mark, position);
  else guards.rollback(position, () => goBack(context, mark, position));
}

/** Forgets a checkpoint and all later ones. @throws StaleMarkError */
export function forgetFrom(context: ContextNode, mark: ContextMark): void {
  const position = positionOf(context, mark, "commit");
  const { guards } = context;
  if (guards === undefined) forget(context, position);
  else guards.commit(position, () => forget(context, position));
}

function push(context: ContextNode): ContextMark {
  const mark = context.makeMark();
  ownExtras(context).marks.push(mark);
  return mark;
}

function goBack(context: ContextNode, mark: ContextMark, position: number): void {
  const { extras } = context;
  context.restoreMark(mark, extras.marks.splice(position));
  endLifetimes(extras.lifetimes, position + 1);
  if (extras.watched.size > 0) endWatches(extras);
}

function forget(context: ContextNode, position: number): void {
  const { lifetimes, marks } = context.extras;
  while (marks.length > position) {
    const newest = marks.at(-1)!;
    marks.length--;
    context.forgetMark(newest);
  }
  joinLifetimes(lifetimes, position);
}

function positionOf(context: ContextNode, mark: ContextMark, act: string): number {
  const position = context.extras.marks.indexOf(mark);
  if (position < 0) throw context.misused(new StaleMarkError(context.name, act));
  return position;
}
