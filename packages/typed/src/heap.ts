/**
 * `Heap` and `MemoryContext`, with what structs do in them: those of the packages below, which link that code where a program uses them.
 *
 * The calls are marked as pure: a bundler leaves them out with what they link, unless the program imports their results.
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
 * A scope: what is allocated in it goes back at once when it ends. The class of `@perfloc/context`.
 * @public
 */
export type MemoryContext = PlainContext;

/**
 * A scope: what is allocated in it goes back at once when it ends. The class of `@perfloc/context`.
 * @public
 */
export const MemoryContext: typeof PlainContext = /* @__PURE__ */ withStructs(PlainContext);
