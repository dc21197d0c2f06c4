/** One kind of word or byte. */
import type { Heap } from "@perfloc/typed";
import type { MappedChunk } from "./chunk-map.js";
import type { FlipTarget } from "./flip-target.js";

export interface RangeKind {
  readonly name: string;
  /** Why flips here go unnoticed; `undefined` when each of them must be found. */
  readonly uncheckedBecause: string | undefined;
  /** Whether some flips of an unchecked kind are found all the same. */
  readonly isPartlyFound?: boolean;
  /** Whether what `verify` throws must name the context. */
  readonly namesContext: boolean;
  targetsIn(heap: Heap, chunks: readonly MappedChunk[]): readonly FlipTarget[];
}
