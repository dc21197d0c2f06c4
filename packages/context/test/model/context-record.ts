/** What the model knows about a context: plain records, nothing computed from the heap under test. */
import type { Address, ContextKind, ContextMark, MemoryContext } from "@perfloc/context";

export interface ObjectRecord {
  address: Address;
  byteLength: number;
  /** The one that was asked for last. */
  alignment: number;
  /** Of its byte pattern. */
  seed: number;
  /** When it was allocated, on the model's clock: decides which rollbacks it survives. */
  readonly birth: number;
}

export interface MarkRecord {
  readonly real: ContextMark;
  readonly birth: number;
  /** What the context told of its memory then: a rollback brings all of that back. */
  readonly figures: string;
  /** Objects older than the mark that were freed while it was the newest: a rollback brings them back. */
  freed: ObjectRecord[];
}

export interface FreedSlot {
  readonly address: Address;
  /** The newest process chunk when it was freed: chunks are given back, and taken again, only when another one is needed. */
  readonly newestChunk: Address;
  /** Forwards of the heap by then: an empty chunk may have gone back since, and have been taken again, at the same place. */
  readonly forwards: number;
}

/** What a reset callback does when it runs. */
export type CallbackBehaviour = "count" | "throw" | "allocate" | "reenter";

export interface CallbackRecord {
  readonly id: number;
  readonly behaviour: CallbackBehaviour;
  readonly unregister: () => void;
}

export class ContextRecord {
  readonly real: MemoryContext;
  readonly name: string;
  readonly kind: ContextKind;
  /** Length of a slab's slots as `sizeOf` tells it; 0 for other kinds. */
  readonly slotBytes: number;
  /** `undefined` at the top. */
  parent: ContextRecord | undefined;
  /** Oldest first; a moved child counts as the newest. */
  readonly children: ContextRecord[] = [];
  objects: ObjectRecord[] = [];
  /** Live marks, oldest first. */
  marks: MarkRecord[] = [];
  /** Marks that were used up or died, to be refused. */
  staleMarks: ContextMark[] = [];
  /** In the order of registration. */
  callbacks: CallbackRecord[] = [];
  limitBytes = Infinity;
  /** What the subtree may hold: the limit, or what it held already when the limit was set. */
  allowedBytes = Infinity;
  /** Freed slots since the last reset or rollback: freeing them again is a double free while their process chunks are there. */
  freedSlots: FreedSlot[] = [];

  /** Where objects that were big, or may have been, were freed since the last reset. Their memory left the context, so others may have it by now. */
  freedBig: Address[] = [];

  constructor(real: MemoryContext, parent: ContextRecord | undefined, slotBytes: number) {
    this.real = real;
    this.name = real.name;
    this.kind = real.kind;
    this.slotBytes = slotBytes;
    this.parent = parent;
    parent?.children.push(this);
  }

  /** This context and those around it, innermost first. */
  *ancestry(): Generator<ContextRecord> {
    yield this;
    if (this.parent !== undefined) yield* this.parent.ancestry();
  }

  isWithin(ancestor: ContextRecord): boolean {
    return this === ancestor || this.parent?.isWithin(ancestor) === true;
  }

  /** Everything below and, last, the context itself: children before parents, the newest first. */
  subtree(): ContextRecord[] {
    return [...this.below(), this];
  }

  /** Everything below, in the same order. */
  below(): ContextRecord[] {
    return this.children.toReversed().flatMap((child) => child.subtree());
  }

  rememberStale(marks: readonly MarkRecord[]): void {
    for (const { real } of marks) this.staleMarks.push(real);
    if (this.staleMarks.length > 4) this.staleMarks = this.staleMarks.slice(-4);
  }

  rememberFreedSlot(address: Address): void {
    const { newestChunk, state } = this.real;
    this.freedSlots.push({ address, newestChunk, forwards: state.forwards });
    if (this.freedSlots.length > 16) this.freedSlots = this.freedSlots.slice(-8);
  }
}
