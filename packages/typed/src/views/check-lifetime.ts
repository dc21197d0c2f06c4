/** Refuses views of memory that is gone. Exact: the lifetime of the context tells, even if the addresses were allocated anew. */
import { type Lifetime, type MemoryContext, UseAfterDropError } from "@perfloc/trim";

/**
 * @param what - the view, with its article
 * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED` when what was allocated in `lifetime` is gone, `PERFLOC_TYPED_OBJECT_FREED` when it
 * was freed by itself
 */
export function checkLifetime(lifetime: Lifetime, context: MemoryContext, what: string): void {
  if (!lifetime.isOver) return;
  const { name, isDropped } = context;
  if (lifetime.wasFreed) {
    throw new UseAfterDropError(
      "PERFLOC_TYPED_OBJECT_FREED",
      `context "${name}"`,
      `cannot use ${what} of context "${name}": it was freed, or moved by a realloc`,
      "Do not use a view after its memory was freed.",
    );
  }
  throw new UseAfterDropError(
    "PERFLOC_TYPED_CONTEXT_DROPPED",
    `context "${name}"`,
    `cannot use ${what} of context "${name}": the context was ${isDropped ? "dropped" : "reset or rolled back"}`,
    "The view died with its memory. Make a new one.",
  );
}
