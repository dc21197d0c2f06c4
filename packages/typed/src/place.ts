/** Where structs are viewed: a heap, or a context of it. */
import {
  type Arena,
  Heap,
  InvalidOptionError,
  MemoryContext,
  UseAfterDropError,
} from "@perfloc/trim";

/** The arena of a heap or context, and whether writes are checked there. */
export function placeOf(place: Heap | MemoryContext): {
  readonly arena: Arena;
  readonly isChecked: boolean;
} {
  if (place instanceof MemoryContext) {
    if (place.isDropped) throw viewedDropped(place);
  } else if (!(place instanceof Heap)) {
    throw new InvalidOptionError(
      "PERFLOC_TYPED_INVALID_OPTION",
      "place",
      place,
      "structs are viewed in a Heap or a MemoryContext",
    );
  }
  return { arena: place.arena, isChecked: place.isChecked };
}

/** @throws InvalidOptionError for what is no context, UseAfterDropError for a dropped one */
export function checkContext(context: MemoryContext): void {
  placeOf(context);
  if (context instanceof MemoryContext) return;
  throw new InvalidOptionError(
    "PERFLOC_TYPED_INVALID_OPTION",
    "context",
    context,
    "objects are allocated in a MemoryContext",
  );
}

function viewedDropped({ name }: MemoryContext): UseAfterDropError {
  return new UseAfterDropError(
    "PERFLOC_TYPED_CONTEXT_DROPPED",
    `context "${name}"`,
    `cannot view structs of context "${name}": it was dropped`,
    "Use the heap, or a context that is alive.",
  );
}
