/** Iterations over the elements of an array. */
import { SlotIterator } from "./slot-iterator.js";
import type { Vec } from "./vec.js";

abstract class VecIterator<Live> extends SlotIterator<Live> {
  readonly #vec: Vec<any>;

  constructor(vec: Vec<any>) {
    super();
    vec.$checkAlive();
    this.#vec = vec;
  }

  protected override nextSlot(slot: number): number {
    return slot < this.#vec.length ? slot : -1;
  }

  protected override itemAt(slot: number): Live {
    return this.#vec.$slots.read(slot);
  }
}

class NumberIterator extends VecIterator<number> {
  override value = Number.NaN;
}

class OtherIterator extends VecIterator<unknown> {
  override value: unknown = undefined;
}

export function iterateVec(vec: Vec<any>): IterableIterator<unknown> {
  return vec.$slots.hasNumbers ? new NumberIterator(vec) : new OtherIterator(vec);
}
