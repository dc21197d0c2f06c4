/**
 * A slab on the level `debug` or `sample`. On `debug` its slots are longer than asked for, by a canary of a granule; on `sample` they
 * are not, since nearly all of its objects are plain: a guarded one has a canary where it leaves room in its slot.
 *
 *   debug    | slotBytes                      | canary: 16      |
 *   sample   | byteLength         | canary, up to slotBytes |
 */
import { type Address, GRANULE_BYTES } from "@perfloc/arena";
import { MIN_ALIGNMENT } from "../allocation-request.js";
import type { ResolvedContextOptions } from "../context-options.js";
import { SlabContext } from "../slots/slab-context.js";
import type { ContextNode, HeapState } from "../tables/context-node.js";
import { allocGuarded } from "./alloc-guarded.js";
import type { GuardLedger } from "./guard-ledger.js";
import type { GuardedKind } from "./guarded-kind.js";
import type { Sampler } from "./sampler.js";

export class GuardedSlab extends SlabContext implements GuardedKind {
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
    const slotBytes = options.slotBytes + (ledger.isDebug ? GRANULE_BYTES : 0);
    super(state, parent, name, { ...options, slotBytes });
    this.usableBytes = options.slotBytes;
    this.ledger = ledger;
    this.sampler = ledger.sampler;
  }

  /** Hot on `sample`. Nothing may be added before the plain call. Both ways out are integers (`>>> 0`), as that of the plain one is. */
  override alloc(byteLength: number, alignment?: number): Address {
    if (--this.sampler.left > 0) return super.alloc(byteLength, alignment);
    this.checkRequest(byteLength, alignment ?? MIN_ALIGNMENT);
    return allocGuarded(this, byteLength, alignment) >>> 0;
  }

  plainAlloc(byteLength: number, alignment: number): Address {
    return super.alloc(byteLength, alignment);
  }

  /** Any length that fits: all slots are as long. */
  guardedBytes(): number {
    return this.usableBytes;
  }

  capacityAt(): number {
    return this.slotBytes;
  }
}
