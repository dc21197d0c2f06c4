/**
 * A scope for each request without an allocator: what is made in a scope lies in an array until the request ends, and the garbage
 * collector finds it later. The counterpart of `perfloc/scopes.ts`.
 */
import type { Work } from "../perfloc/passes.js";
import {
  cutsOf,
  operationsPerPass,
  requestsPerPass,
  type ScopeShape,
  scopeSizes,
  sumOf,
} from "../scope-shape.js";
import type { PeerAllocator } from "./peer-allocator.js";

/** Call it once per process: V8 compiles the functions of the one allocator that it has seen into the loop. */
export function makeCollectedScopes<Handle>(
  allocator: PeerAllocator<Handle>,
  shape: ScopeShape,
): Work {
  const { allocationCount, depth } = shape;
  const sizes = scopeSizes(shape);
  const totalBytes = sumOf(sizes);
  const requestCount = requestsPerPass(shape);
  const [secondFrom, thirdFrom] = cutsOf(shape);

  function fill(from: number, to: number, firstWord: number): readonly Handle[] {
    // oxlint-disable-next-line unicorn/no-new-array -- of its whole length at once, which is twice as fast as one that grows
    const objects = new Array<Handle>(to - from);
    for (let index = from; index < to; index++) {
      objects[index - from] = allocator.make(sizes[index]!, firstWord + index);
    }
    return objects;
  }

  function lastWordOf(objects: readonly Handle[]): number {
    return objects.length === 0 ? 0 : allocator.firstWord(objects[objects.length - 1]!);
  }

  function runOneScope(): number {
    let checksum = totalBytes;
    for (let request = 0; request < requestCount; request++) {
      checksum += lastWordOf(fill(0, allocationCount, request));
    }
    return checksum;
  }

  function runNested(): number {
    let checksum = totalBytes;
    for (let request = 0; request < requestCount; request++) {
      const outer = fill(0, secondFrom, request);
      const middle = fill(secondFrom, thirdFrom, request);
      const inner = fill(thirdFrom, allocationCount, request);
      checksum += lastWordOf(inner) + lastWordOf(middle) + lastWordOf(outer);
    }
    return checksum;
  }

  const run = depth === 1 ? runOneScope : runNested;
  return { operations: operationsPerPass(shape), runsPerPass: 1, run, cleanUp };
}

function cleanUp(): void {}
