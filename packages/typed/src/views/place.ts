/** Where structs are viewed: a heap, or a context of it. */
import {
  type Address,
  type Arena,
  Heap,
  InvalidOptionError,
  MemoryContext,
  UseAfterDropError,
} from "@perfloc/trim";

/** An object that was at an address when it was looked up. */
export interface ObjectIdentity {
  /** Bytes that were asked for; -1 within an object. */
  readonly byteLength: number;
  /** The struct that was allocated there, where a struct was. */
  kind: unknown;
  /** @throws UseAfterDropError, UseAfterFreeError when it is there no more; `what` names it, with its article */
  check(what: string): void;
}

/** Looks up which object is at an address. */
export interface ObjectIdentityTable {
  identityAt(address: Address): ObjectIdentity | undefined;
}

/** What views know of where they are. */
export interface Place {
  readonly arena: Arena;
  /** Whether writes are checked. */
  readonly isChecked: boolean;
  /** What each access is checked with; `undefined` where none is. */
  readonly identities: ObjectIdentityTable | undefined;
}

export function placeOf(place: Heap | MemoryContext): Place {
  if (place instanceof MemoryContext) {
    if (place.isDropped) throw viewedDropped(place);
  } else if (!(place instanceof Heap)) {
    throw new InvalidOptionError(
      "PERFLOC_TYPED_INVALID_OPTION",
      "place",
      place,
      "structs are viewed in a Heap or a MemoryContext",
      isOfAnotherCopy(place)
        ? OTHER_COPY
        : "Pass the heap or a context first, as in Particle.toObject(heap, cursor.$address).",
    );
  }
  const { arena, isChecked, state } = place;
  return { arena, isChecked, identities: state.checksAccess ? state : undefined };
}

/** @throws InvalidOptionError for what is no context, UseAfterDropError for a dropped one */
export function checkContext(context: MemoryContext): void {
  if (context instanceof MemoryContext && !context.isDropped) return;
  placeOf(context);
  throw new InvalidOptionError(
    "PERFLOC_TYPED_INVALID_OPTION",
    "context",
    context,
    "objects are allocated in a MemoryContext",
    isOfAnotherCopy(context) ? OTHER_COPY : "Pass what heap.open() answered.",
  );
}

const OTHER_COPY =
  "It comes from another copy of @perfloc/context. Have one copy: npm ls @perfloc/context shows where the other one comes from.";

/** Whether something is a heap or a context, but not one of the package that this one was loaded with. */
function isOfAnotherCopy(place: unknown): boolean {
  if (typeof place !== "object" || place === null) return false;
  const isOurs = place instanceof Heap || place instanceof MemoryContext;
  return !isOurs && "open" in place && "arena" in place && "stats" in place;
}

function viewedDropped({ name }: MemoryContext): UseAfterDropError {
  return new UseAfterDropError(
    "PERFLOC_TYPED_CONTEXT_DROPPED",
    `context "${name}"`,
    `cannot view structs of context "${name}": it was dropped`,
    "Use the heap, or a context that is alive.",
  );
}

/** A place, when it is a context. */
export function contextOf(place: Heap | MemoryContext): MemoryContext | undefined {
  return place instanceof MemoryContext ? place : undefined;
}
