/** Iterations over the elements of an array. */
import { SlotIterator } from "./slot-iterator.js";
import type { Vec } from "./vec.js";

/** Elements that lie in the array of their width, as numbers. */
class NumberIterator extends SlotIterator<number> {
  override value = Number.NaN;
  readonly #vec: Vec<any>;

  constructor(vec: Vec<any>) {
    super();
    this.#vec = vec;
  }

  /** Hot path. Nothing may be added here. */
  override next(): this {
    const vec = this.#vec;
    const { slot } = this;
    if (vec.$guard.isDropped) vec.$refuseDropped();
    if (slot >= vec.$length) this.done = true;
    else {
      this.value = vec.$array[vec.$first + slot]!;
      this.slot = slot + 1;
    }
    return this;
  }
}

class OtherIterator extends SlotIterator<unknown> {
  override value: unknown = undefined;
  readonly #vec: Vec<any>;

  constructor(vec: Vec<any>) {
    super();
    this.#vec = vec;
  }

  /** Hot path. Nothing may be added here. */
  override next(): this {
    const vec = this.#vec;
    const { slot } = this;
    if (vec.$guard.isDropped) vec.$refuseDropped();
    if (slot >= vec.$length) this.done = true;
    else {
      this.value = vec.$slots.read(slot);
      this.slot = slot + 1;
    }
    return this;
  }
}

export function iterateVec(vec: Vec<any>): IterableIterator<unknown> {
  vec.$checkAlive();
  return vec.$isPlain && vec.$slots.hasNumbers ? new NumberIterator(vec) : new OtherIterator(vec);
}
