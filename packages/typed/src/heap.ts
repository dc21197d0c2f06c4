/**
 * `Heap` and `MemoryContext` are the classes of `@perfloc/context`; importing them links the code for structs in heaps.
 *
 * The calls below are marked as pure: a bundler leaves them out, with everything that they link, unless the program imports their results.
 */
import { Heap as PlainHeap, MemoryContext as PlainContext } from "@perfloc/trim";
import { heapOperations } from "./heap-operations.js";
import { linkHeapPort } from "./views/heap-port.js";

function withStructs<Place>(place: Place): Place {
  linkHeapPort(heapOperations);
  return place;
}

/**
 * A tree of memory contexts over an arena: the place where a program opens its scopes. The class of `@perfloc/context`.
 * @public
 */
export type Heap = PlainHeap;

/**
 * A tree of memory contexts over an arena: the place where a program opens its scopes. The class of `@perfloc/context`.
 * @public
 */
export const Heap: typeof PlainHeap = /* @__PURE__ */ withStructs(PlainHeap);

/**
 * A scope: all memory that is allocated in it is freed at once when it ends. The class of `@perfloc/context`.
 * @public
 */
export type MemoryContext = PlainContext;

/**
 * A scope: all memory that is allocated in it is freed at once when it ends. The class of `@perfloc/context`.
 * @public
 */
export const MemoryContext: typeof PlainContext = /* @__PURE__ */ withStructs(PlainContext);
