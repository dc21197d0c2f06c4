/**
 * The walker over a heap: checks the arena, then every context.
 *
 *   1 the tree: each child knows its parent and its neighbours; as many contexts as were opened and not dropped
 *   2 the chain, walked from the bytes: header by header along the forward addresses, it meets the same chunks as the
 *     records do; each span is as long as its chunk and names the chunk as its owner
 *   3 the objects: see verifyObjects of the kinds
 *   4 usedBytes of a chain = the sum of its chunks; of a limit = the sum of the chains that it counts for
 *   5 usedBytes = liveBytes + freeBytes + headerBytes
 */
import { CorruptionError } from "@perfloc/arena";
import { nextInPreorder } from "./context-tree.js";
import type { HeapState } from "./heap-state.js";
import type { MemoryContext } from "./memory-context.js";
import type { MemoryLimit } from "./memory-limit.js";

/** @throws CorruptionError at the first record that disagrees with another */
export function verifyHeap(state: HeapState): void {
  state.arena.verify();
  const charged = new Map<MemoryLimit, number>();
  let contexts = 0;
  for (let top = state.firstChild; top !== undefined; top = top.nextSibling) {
    for (let at: MemoryContext | undefined = top; at !== undefined; at = nextInPreorder(at, top)) {
      contexts++;
      verifyLinks(state, at);
      verifyContext(at);
      for (let limit = at.limit; limit !== undefined; limit = limit.outer) {
        charged.set(limit, (charged.get(limit) ?? 0) + at.chain.usedBytes);
      }
    }
  }
  expectFact(
    contexts === state.contextsOpened - state.contextsDropped,
    0,
    "the tree has lost or gained a context",
  );
  for (const [limit, usedBytes] of charged) {
    expectFact(
      limit.usedBytes === usedBytes,
      0,
      `the limit of context "${limit.context.name}" counts wrongly`,
    );
  }
}

/** @throws CorruptionError at the first record of this context's chunks and objects that disagrees with another */
export function verifyContext(context: MemoryContext): void {
  verifyChain(context);
  context.verifyObjects();
}

function verifyLinks(state: HeapState, context: MemoryContext): void {
  const { name, previousSibling, nextSibling, firstChild } = context;
  const parent = context.parent ?? state;
  const before = previousSibling === undefined ? parent.firstChild : previousSibling.nextSibling;
  expectFact(before === context, 0, `context "${name}" is not linked from the left`);
  expectFact(
    nextSibling === undefined || nextSibling.previousSibling === context,
    0,
    `context "${name}" is not linked from the right`,
  );
  expectFact(
    firstChild === undefined || firstChild.parent === context,
    0,
    `a child of context "${name}" has another parent`,
  );
  expectFact(!context.isDropped, 0, `context "${name}" is dropped but still in the tree`);
}

function verifyChain(context: MemoryContext): void {
  const { chain, state } = context;
  let usedBytes = 0;
  let chunks = 0;
  let last = undefined;
  for (let chunk = chain.first; chunk !== undefined; chunk = chunk.next) {
    chunk.verifyHeader();
    expectFact(
      chunk.context === context,
      chunk.base,
      "a process chunk is in the chain of another context",
    );
    expectFact(
      chunk.previous === last,
      chunk.base,
      "a process chunk does not know the one before it",
    );
    expectFact(
      state.arena.spanBytes(chunk.base) === chunk.byteLength,
      chunk.base,
      "a span is not as long as its process chunk",
    );
    expectFact(
      chunk.top.ownerAt(chunk.base) === chunk,
      chunk.base,
      "a span does not name its process chunk",
    );
    const highWater = context.highWaterOf(chunk);
    expectFact(
      highWater >= chunk.firstObject && highWater <= chunk.end,
      chunk.base,
      "objects reach past their process chunk",
    );
    usedBytes += chunk.byteLength;
    chunks++;
    last = chunk;
  }
  expectFact(
    chain.newest === last,
    0,
    `the chain of context "${context.name}" does not end at its newest chunk`,
  );
  expectFact(
    chain.usedBytes === usedBytes && chain.chunkCount === chunks,
    0,
    `the chain of context "${context.name}" counts wrongly`,
  );
}

function expectFact(holds: boolean, address: number, fact: string): void {
  if (!holds) throw new CorruptionError("PERFLOC_CONTEXT_CORRUPT", address, fact);
}
