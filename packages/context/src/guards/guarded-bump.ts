/**
 * A bump context on the level `debug` or `sample`: its objects cannot be freed, so there is no quarantine. Canaries are looked at when
 * the context ends or is rolled back, and by `verify()`; the memory that a reset leaves is overwritten.
 *
 *   | header | object | canary | object      | canary | free ...
 */
import type { Address } from "@perfloc/arena";
import { MIN_ALIGNMENT, alignUp } from "../allocation-request.js";
import type { ResolvedContextOptions } from "../context-options.js";
import { BumpContext } from "../slots/bump-context.js";
import type { ContextNode, HeapState } from "../tables/context-node.js";
import { allocGuarded } from "./alloc-guarded.js";
import { withCanary } from "./fill-bytes.js";
import type { GuardLedger } from "./guard-ledger.js";
import type { GuardedKind } from "./guarded-kind.js";
import type { Sampler } from "./sampler.js";

export class GuardedBump extends BumpContext implements GuardedKind {
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

  plainAlloc(byteLength: number, alignment: number): Address {
    return super.alloc(byteLength, alignment);
  }

  /** Nothing is ever freed here. */
  plainFree(address: Address): void {
    super.free(address);
  }

  setGuarded(): void {
    // Objects have no cells here.
  }

  guardedBytes(byteLength: number): number {
    return withCanary(byteLength);
  }

  capacityAt(_address: Address, askedBytes: number): number {
    return alignUp(askedBytes, MIN_ALIGNMENT);
  }

  isSealedAt(): boolean {
    return false;
  }
}
