/** Iterations over the elements of an array that grows. */
import { SlotIterator } from "./slot-iterator.js";
import type { Guard } from "./collection.js";
import type { ScalarArray, Slots } from "./slots.js";

/** The array, as far as its iterations know it. */
interface IteratedVec {
  readonly $guard: Guard;
  readonly $slots: Slots;
  readonly $array: ScalarArray;
  readonly $first: number;
  readonly $length: number;
  readonly $isPlain: boolean;
  $checkAlive(): void;
  $refuseDropped(): never;
}

/** Elements that lie in the array of their width, as numbers. */
class NumberIterator extends SlotIterator<number> {
  override value = Number.NaN;
  readonly #vec: IteratedVec;

  constructor(vec: IteratedVec) {
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
  readonly vec: IteratedVec;

  constructor(vec: IteratedVec) {
    super();
    this.vec = vec;
    const { inHeaps } = vec.$slots;
    // oxlint-disable-next-line typescript/unbound-method -- it is called as a method
    if (inHeaps !== undefined) this.next = inHeaps.nextElement;
  }

  /** Hot path. Nothing may be added here. */
  override next(): this {
    const { slot, vec } = this;
    if (vec.$guard.isDropped) vec.$refuseDropped();
    if (slot >= vec.$length) this.done = true;
    else {
      this.value = vec.$slots.read(slot);
      this.slot = slot + 1;
    }
    return this;
  }
}

export function iterateVec(vec: IteratedVec): IterableIterator<unknown> {
  vec.$checkAlive();
  return vec.$isPlain && vec.$slots.hasNumbers ? new NumberIterator(vec) : new OtherIterator(vec);
}
