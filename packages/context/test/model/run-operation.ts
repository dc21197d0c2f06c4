/** Runs one operation against a heap and its model. */
import { InvalidParentError, LimitExceededError, PAGE_BYTES } from "@perfloc/context";
import type {
  CallbackBehaviour,
  ContextRecord,
  MarkRecord,
  ObjectRecord,
} from "./context-record.js";
import { checkFigures } from "./check-model.js";
import { checkSame, fail } from "./fail.js";
import type { HeapModel } from "./heap-model.js";
import { misuse } from "./misuse.js";
import { openOptions } from "./open-options.js";
import type { Operation } from "./operation.js";
import { checkJustified } from "./out-of-room.js";
import { refusalOf } from "./refusal.js";

/** How large a program's heap may grow. */
export interface ProgramBounds {
  readonly maxContexts: number;
  readonly maxObjects: number;
  readonly maxLiveBytes: number;
  readonly maxMarks: number;
  /** Largest initialBytes and maxChunkBytes of a context. */
  readonly maxChunkBytes: number;
}

const BEHAVIOURS: readonly CallbackBehaviour[] = ["count", "count", "allocate", "reenter", "throw"];

export function runOperation(model: HeapModel, operation: Operation, bounds: ProgramBounds): void {
  const context = pick(model.contexts, operation.context);
  if (context === undefined) {
    model.open(undefined, openOptions(operation, bounds.maxChunkBytes));
    return;
  }
  switch (operation.name) {
    case "open":
      return open(model, context, operation, bounds);
    case "alloc":
    case "allocZeroed":
    case "tryAlloc":
      return allocate(model, context, operation, bounds);
    case "write":
    case "free":
    case "realloc":
    case "sizeOf":
    case "bytes":
      return useObject(model, context, operation, bounds);
    case "reset":
      return reset(model, context, operation);
    case "drop":
      return model.drop(branchBelow(context, operation), operation.choice % 4 === 0);
    case "dropChildren":
      return model.dropChildren(context);
    case "setParent":
      return setParent(model, context, operation);
    case "checkpoint":
    case "rollback":
    case "commit":
      return useMark(model, context, operation, bounds);
    case "onReset":
      return model.onReset(context, pick(BEHAVIOURS, operation.choice) ?? "count");
    case "unregister":
      if (context.callbacks.length === 0) return model.onReset(context, "count");
      return model.unregister(context, operation.target % context.callbacks.length);
    case "setLimit":
      return setLimit(model, context, operation);
    case "stats":
      return checkFigures(model);
    case "releaseChunks":
      return model.releaseEmptyChunks();
    case "rebuild":
      return model.rebuild();
    case "reclaim":
      return model.reclaim(operation.choice % 2 === 0 ? undefined : context);
    case "misuse":
      return misuse(model, context, operation);
  }
}

/** The element at `position`, counted round; `undefined` when there is none. */
function pick<T>(list: readonly T[], position: number): T | undefined {
  return list[position % list.length];
}

/** Seldom the context itself, mostly a leaf below it: else few trees would ever grow tall. */
function branchBelow(context: ContextRecord, { choice, target }: Operation): ContextRecord {
  let branch = context;
  if (choice % 3 === 0) return branch;
  while (branch.children.length > 0) {
    branch = branch.children[target % branch.children.length]!;
  }
  return branch;
}

function reset(model: HeapModel, context: ContextRecord, operation: Operation): void {
  if (operation.choice % 2 === 0) model.reset(context, "keep");
  else model.reset(branchBelow(context, operation), pick([undefined, "drop"], operation.target));
}

function open(
  model: HeapModel,
  context: ContextRecord,
  operation: Operation,
  bounds: ProgramBounds,
): void {
  if (model.contexts.length >= bounds.maxContexts) {
    model.drop(branchBelow(context, operation));
    return;
  }
  const parent = operation.target % 3 === 0 ? undefined : context;
  model.open(parent, openOptions(operation, bounds.maxChunkBytes));
}

/** Allocates, or makes room when the program's bounds are reached. */
function allocate(
  model: HeapModel,
  context: ContextRecord,
  operation: Operation,
  bounds: ProgramBounds,
): void {
  if (model.liveObjects >= bounds.maxObjects || model.liveBytes >= bounds.maxLiveBytes) {
    const object = pick(context.objects, operation.target);
    if (context.kind === "bump" || object === undefined) model.reset(context);
    else model.free(context, object);
    return;
  }
  const byteLength = lengthFor(context, operation.byteLength);
  const alignment = alignmentFor(context, operation.alignment);
  try {
    if (operation.name === "tryAlloc") {
      const object = model.tryAlloc(context, byteLength, alignment);
      if (object === undefined) checkRefusalIsJustified(model, context, byteLength, alignment);
    } else if (operation.name === "allocZeroed") {
      model.allocZeroed(context, byteLength, alignment);
    } else {
      model.alloc(context, byteLength, alignment);
    }
  } catch (error) {
    checkJustified(model, context, error, byteLength, alignment);
    if (operation.choice % 2 === 0) liftLimit(model, context);
  }
}

/** Takes the nearest limit away, so that a program does not spend its life in front of one. */
function liftLimit(model: HeapModel, context: ContextRecord): void {
  for (const limited of context.ancestry()) {
    if (limited.limitBytes < Infinity) return model.setLimit(limited, Infinity);
  }
}

/**
 * `tryAlloc` answered 0, so `alloc` must tell why. On the level `sample` it need not: only the first of the two may have been one of
 * the objects that are guarded, which take more room.
 */
function checkRefusalIsJustified(
  model: HeapModel,
  context: ContextRecord,
  byteLength: number,
  alignment: number,
): void {
  if (model.isSampled) return;
  const error = refusalOf(() => context.real.alloc(byteLength, alignment), "alloc after tryAlloc");
  checkJustified(model, context, error, byteLength, alignment);
}

/** Slabs hold nothing longer than their slots. */
function lengthFor({ kind, slotBytes }: ContextRecord, byteLength: number): number {
  return kind === "slab" ? byteLength % (slotBytes + 1) : byteLength;
}

/** Slabs align to 16. */
function alignmentFor({ kind }: ContextRecord, alignment: number): number {
  return kind === "slab" ? Math.min(alignment, 16) : alignment;
}

/** What an object may be kept aligned to: it can have been taken for one that lay there before, and was aligned. */
function alignmentOf({ address }: ObjectRecord): number {
  return Math.min((address & -address) >>> 0, PAGE_BYTES);
}

/** What one does with an object; allocates one when the context has none. */
function useObject(
  model: HeapModel,
  context: ContextRecord,
  operation: Operation,
  bounds: ProgramBounds,
): void {
  const object = pick(context.objects, operation.target);
  if (object === undefined) return allocate(model, context, operation, bounds);
  if (operation.name === "bytes") return readBytes(model, context, object);
  if (operation.name === "write" || context.kind === "bump") return model.write(context, object);
  if (operation.name === "free") return model.free(context, object);
  if (operation.name === "sizeOf") return model.growToSize(context, object);
  const byteLength = lengthFor(context, operation.byteLength);
  const asked = alignmentFor(context, operation.alignment);
  const alignment = operation.choice % 4 === 0 ? asked : undefined;
  try {
    model.realloc(context, object, byteLength, alignment);
  } catch (error) {
    checkJustified(model, context, error, byteLength, Math.max(asked, alignmentOf(object)));
    model.checkBytes(context, object);
  }
}

function readBytes(
  model: HeapModel,
  context: ContextRecord,
  { address, byteLength }: ObjectRecord,
): void {
  const bytes = context.real.bytes(address, byteLength);
  checkSame(bytes.length, byteLength, "length of bytes()");
  const { u8, base } = model.heap.arena.chunkAt(address);
  checkSame(bytes.buffer, u8.buffer, "memory behind bytes()");
  checkSame(bytes.byteOffset, u8.byteOffset + address - base, "place of bytes()");
}

/** Any parent at all: a legal one, itself, or one below it. */
function setParent(model: HeapModel, context: ContextRecord, operation: Operation): void {
  const isTop = operation.choice % 4 === 0;
  const parent = isTop ? undefined : pick(model.contexts, operation.target);
  const isLoop = parent?.isWithin(context) === true;
  const mayExceed = !isLoop && isRoomMissing(context, parent);
  try {
    model.setParent(context, parent);
  } catch (error) {
    if (isLoop && error instanceof InvalidParentError) return;
    if (mayExceed && error instanceof LimitExceededError) return;
    throw error;
  }
  if (isLoop) fail("a context became its own ancestor");
}

/** Whether a limit around the new parent has no room for what the context holds. */
function isRoomMissing(context: ContextRecord, parent: ContextRecord | undefined): boolean {
  if (parent === undefined) return false;
  const movedBytes = context.real.stats().subtreeUsedBytes;
  return [...parent.ancestry()].some(({ limitBytes, real }) => {
    if (limitBytes === Infinity) return false;
    return real.stats().subtreeUsedBytes + movedBytes > limitBytes;
  });
}

function useMark(
  model: HeapModel,
  context: ContextRecord,
  { name, target }: Operation,
  { maxMarks }: ProgramBounds,
): void {
  const mark: MarkRecord | undefined = pick(context.marks, target);
  if (mark === undefined || (name === "checkpoint" && context.marks.length < maxMarks)) {
    model.checkpoint(context);
  } else if (name === "rollback") {
    model.rollback(context, mark);
  } else {
    model.commit(context, mark);
  }
}

/** A little more than what is held, much more, what is held, nothing, or no limit. */
function setLimit(model: HeapModel, context: ContextRecord, { choice, target }: Operation): void {
  const heldBytes = context.real.stats().subtreeUsedBytes;
  const limits = [
    Infinity,
    Infinity,
    heldBytes,
    heldBytes + 4096,
    heldBytes + (target % 65_536),
    0,
  ];
  model.setLimit(context, pick(limits, choice) ?? Infinity);
}
