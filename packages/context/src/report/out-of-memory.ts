/** Out of memory as a context sees it: who asked, for what, and the tree of who holds how much. All cold. */
import { LimitExceededError, OutOfMemoryError } from "@perfloc/arena";
import type { ContextNode, MemoryLimit } from "../tables/context-node.js";
import { printForest, printOne, printTree } from "./print-tree.js";

/** The error for a chunk that a limit of `setLimit` forbids. */
export function contextLimitReached(
  context: ContextNode,
  requestedBytes: number,
  chunkBytes: number,
  limit: MemoryLimit,
): LimitExceededError {
  const { heldBytes } = context.state.arena.stats();
  const error = new LimitExceededError(
    "PERFLOC_CONTEXT_LIMIT",
    `could not allocate ${requestedBytes} bytes in context "${context.name}": a process chunk of ${chunkBytes} bytes on top of ${limit.usedBytes} exceeds the limit of ${limit.maxBytes} of context "${limit.context.name}"`,
    "Raise the limit with setLimit(), or reset or drop contexts below it; report lists what they hold.",
    { requestedBytes, heldBytes, usedBytes: limit.usedBytes, limitBytes: limit.maxBytes },
    context.state.isTrying ? "" : report(context, printTree(limit.context)),
  );
  return told(context, error);
}

/** The error for a move that a limit above the new parent forbids. */
export function moveLimitReached(
  context: ContextNode,
  movedBytes: number,
  limit: MemoryLimit,
): LimitExceededError {
  const { heldBytes } = context.state.arena.stats();
  const error = new LimitExceededError(
    "PERFLOC_CONTEXT_LIMIT",
    `could not move context "${context.name}" with its ${movedBytes} bytes: on top of ${limit.usedBytes} they exceed the limit of ${limit.maxBytes} of context "${limit.context.name}"`,
    "Raise the limit with setLimit(), or reset or drop contexts first; report lists what they hold.",
    {
      requestedBytes: movedBytes,
      heldBytes,
      usedBytes: limit.usedBytes,
      limitBytes: limit.maxBytes,
    },
    report(context, printTree(limit.context)),
  );
  return told(context, error);
}

/** What the arena threw, retold with the context and the tree; anything but an OutOfMemoryError is passed on as it is. */
export function contextOutOfMemory(
  context: ContextNode,
  requestedBytes: number,
  thrown: unknown,
): unknown {
  if (!(thrown instanceof OutOfMemoryError)) return thrown;
  const { heldBytes, usedBytes, limitBytes } = thrown;
  const message = `could not allocate ${requestedBytes} bytes in context "${context.name}": ${thrown.message}`;
  const numbers = { requestedBytes, heldBytes, usedBytes, limitBytes };
  const tree = context.state.isTrying ? "" : report(context, printForest(context.state));
  if (thrown instanceof LimitExceededError) {
    const error = new LimitExceededError(
      "PERFLOC_CONTEXT_ARENA_LIMIT",
      message,
      thrown.hint,
      numbers,
      tree,
      {
        cause: thrown,
      },
    );
    return told(context, error);
  }
  const error = new OutOfMemoryError(
    "PERFLOC_CONTEXT_OUT_OF_MEMORY",
    message,
    thrown.hint,
    numbers,
    tree,
    {
      cause: thrown.cause,
    },
  );
  return told(context, error);
}

/** Tells those who listen, before the error is thrown. */
function told<Failure extends OutOfMemoryError>(context: ContextNode, error: Failure): Failure {
  context.state.events?.emit("out-of-memory", { context, error });
  return error;
}

/** The tree, headed by the context that asked: a large tree is summed up, and may not show it. */
function report(context: ContextNode, tree: string): string {
  return `asked for by ${printOne(context)}\n${tree}`;
}
