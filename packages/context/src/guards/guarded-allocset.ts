/**
 * An allocset on the level `debug` or `sample`: the plain one, asked for longer objects.
 *
 *   alloc  ──► countdown not over ──► plain alloc                       hot on `sample`, never taken on `debug`
 *         └──► over ──► GuardedObjects.alloc                              cold
 *   free   ──► the plain one, which takes no object with a guarded cell  hot on `sample`
 *         └──► guarded cell ──► GuardedObjects.free                       cold
 */
import type { Address } from "@perfloc/arena";
import type { ResolvedContextOptions } from "../context-options.js";
import { NewAllocset } from "../slots/new-allocset.js";
import { CODE_MASK } from "../slots/cells.js";
import type { ContextNode, HeapState } from "../tables/context-node.js";
import { allocGuarded } from "./alloc-guarded.js";
import { withCanary } from "./fill-bytes.js";
import type { GuardLedger } from "./guard-ledger.js";
import type { GuardedKind } from "./guarded-kind.js";
import type { Sampler } from "./sampler.js";

export class GuardedAllocset extends NewAllocset implements GuardedKind {
  // Declared, as the fields of ContextNode are: initializers would make opening a context take half as long again.
  declare readonly ledger: GuardLedger;
  declare private readonly sampler: Sampler;

  constructor(
    state: HeapState,
    parent: ContextNode | undefined,
    name: string,
    options: ResolvedContextOptions,
    ledger: GuardLedger,
  ) {
    super(state, parent, name, options);
    this.ledger = ledger;
    this.sampler = ledger.sampler;
  }

  /** Hot on `sample`. Nothing may be added before the plain call. Both ways out are integers (`>>> 0`), as that of the plain one is. */
  override alloc(byteLength: number, alignment?: number): Address {
    if (--this.sampler.left > 0) return super.alloc(byteLength, alignment);
    return allocGuarded(this, byteLength, alignment) >>> 0;
  }

  guardedBytes(byteLength: number): number {
    return withCanary(byteLength);
  }

  capacityAt(address: Address): number {
    return this.bytesOf(address, this.liveCellAt(address) & CODE_MASK);
  }
}
