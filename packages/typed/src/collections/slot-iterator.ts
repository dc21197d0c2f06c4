/**
 * Iterations without garbage: an iterator is its own result, the same each time. `for ... of` reads a result before it asks for
 * the next one; who calls `next` by hand has to do so, too.
 */
export abstract class SlotIterator<Item> implements IterableIterator<Item> {
  done = false;
  /**
   * Set first by each class: one whose values are numbers has one there from the beginning, so that V8 keeps the field as a
   * double, not as a new object for each value. That is also why the last value stays there at the end.
   */
  abstract value: Item;
  #slot = 0;

  /** The first element from `slot` on; -1 when there is none. */
  protected abstract nextSlot(slot: number): number;

  protected abstract itemAt(slot: number): Item;

  next(): this & { value: Item; done: boolean } {
    const slot = this.done ? -1 : this.nextSlot(this.#slot);
    if (slot < 0) this.done = true;
    else {
      this.#slot = slot + 1;
      this.value = this.itemAt(slot);
    }
    return this;
  }

  [Symbol.iterator](): this {
    return this;
  }
}
