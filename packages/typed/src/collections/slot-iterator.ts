/**
 * Iterations without garbage: an iterator is its own result, the same each time. `for ... of` reads a result before it asks for
 * the next one; who calls `next` by hand has to do so, too.
 *
 * Each kind of iteration has a `next` of its own, written out: shared, V8 would find it called for all kinds, not inline what it
 * calls, and make an object for each double that comes back.
 */
export abstract class SlotIterator<Item> implements IterableIterator<Item> {
  done = false;
  /** Where the next element is looked for. */
  protected slot = 0;
  /**
   * Set first by each class: one whose values are numbers has one there from the beginning, so that V8 keeps the field as a
   * double, not as a new object for each value. That is also why the last value stays there at the end.
   */
  abstract value: Item;

  abstract next(): this;

  [Symbol.iterator](): this {
    return this;
  }
}
