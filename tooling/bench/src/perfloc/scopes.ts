/**
 * A scope for each request: the work of `native/scopes.h` in memory contexts. The first word of every object is written, and that
 * of each scope's last object is read back before the scope is dropped.
 */
import type { ContextKind, Heap, MemoryContext } from "@perfloc/context";
import {
  cutsOf,
  operationsPerPass,
  requestsPerPass,
  type ScopeShape,
  scopeSizes,
  sumOf,
} from "../scope-shape.js";
import { NO_WORDS } from "./no-words.js";
import type { Work } from "./passes.js";

/** Call it once per process, for the reason that `makeContextReplay` gives. */
export function makeScopes(
  heap: Heap,
  kind: Exclude<ContextKind, "slab">,
  shape: ScopeShape,
): Work {
  const { arena } = heap;
  const { allocationCount, depth } = shape;
  const sizes = scopeSizes(shape);
  const totalBytes = sumOf(sizes);
  const requestCount = requestsPerPass(shape);
  const [secondFrom, thirdFrom] = cutsOf(shape);
  const service = heap.open("service");
  const options = { kind };

  /** @returns the word of the last object; 0 when there is none */
  function fill(context: MemoryContext, from: number, to: number, firstWord: number): number {
    // The top chunk of the last object, as in `context-replay.ts`.
    let words = NO_WORDS;
    let base = 0;
    let byteLength = 0;
    let offset = 0;
    for (let index = from; index < to; index++) {
      const address = context.alloc(sizes[index]!);
      offset = address - base;
      if (offset >>> 0 >= byteLength) {
        const chunk = arena.chunkAt(address);
        words = chunk.u32;
        base = chunk.base;
        byteLength = chunk.byteLength;
        offset = address - base;
      }
      words[offset >>> 2] = firstWord + index;
    }
    return from < to ? words[offset >>> 2]! : 0;
  }

  function runOneScope(): number {
    let checksum = totalBytes;
    for (let request = 0; request < requestCount; request++) {
      const context = service.open("request", options);
      checksum += fill(context, 0, allocationCount, request);
      context.drop();
    }
    return checksum;
  }

  function runNested(): number {
    let checksum = totalBytes;
    for (let request = 0; request < requestCount; request++) {
      const outer = service.open("request", options);
      checksum += fill(outer, 0, secondFrom, request);
      const middle = outer.open("query", options);
      checksum += fill(middle, secondFrom, thirdFrom, request);
      const inner = middle.open("row", options);
      checksum += fill(inner, thirdFrom, allocationCount, request);
      inner.drop();
      middle.drop();
      outer.drop();
    }
    return checksum;
  }

  const run = depth === 1 ? runOneScope : runNested;
  return { operations: operationsPerPass(shape), runsPerPass: 1, run, cleanUp };
}

/** Nothing to do: every request drops its scopes. */
function cleanUp(): void {}
