/*
 * Which pages of one top chunk are free: a buddy system as a complete binary tree.
 *
 *   node 1 = the whole chunk, nodes 2i and 2i+1 = the halves of node i, the leaves = single pages
 *   tree[i] = 1 + order of the largest free block under i (a block of order o is 2^o pages), 0 = none
 *
 *          [3]                 four pages, all free: one block of order 2
 *         /    \               (nodes under a free or an occupied block keep their "all free" value:
 *      [2]      [2]             a block is occupied and vacated whole, so they are right again later)
 *      /  \     /  \
 *    [1]  [1] [1]  [1]
 *
 * Going left first finds the lowest free block. A run need not be a power of two long: it occupies the maximal aligned
 * blocks that tile it, and vacating tiles it in the same way. Find, occupy and vacate are O(log pages).
 */

/** Which pages of one top chunk are free. */
export class PageBuddy {
  readonly #tree: Uint8Array;
  /** Leaves of the tree: a power of two. */
  readonly #leafCount: number;
  readonly #topOrder: number;

  /** All pages free. `pageCount` from 1 to 2^24; what the next power of two has more is occupied for good. */
  constructor(pageCount: number) {
    const topOrder = orderFor(pageCount);
    this.#topOrder = topOrder;
    this.#leafCount = 1 << topOrder;
    this.#tree = new Uint8Array(2 << topOrder);
    for (let order = topOrder, first = 1; order >= 0; order--, first <<= 1) {
      this.#tree.fill(order + 1, first, first << 1);
    }
    if (pageCount < this.#leafCount) this.occupy(pageCount, this.#leafCount - pageCount);
  }

  /** 1 + order of the largest free block; 0 when the chunk is full. */
  get room(): number {
    return this.#tree[1]!;
  }

  /** First page of the lowest free block of `order`. The caller has seen that `room > order`. */
  findLowest(order: number): number {
    const tree = this.#tree;
    let node = 1;
    for (let at = this.#topOrder; at > order; at--) {
      node <<= 1;
      if (tree[node]! <= order) node++;
    }
    return (node << order) - this.#leafCount;
  }

  /**
   * First page of the lowest `pageCount` free pages that lie together, in whichever blocks; -1 when there are none. Looks at each
   * largest block that is all free or all taken: O(runs).
   */
  findStretch(pageCount: number): number {
    const tree = this.#tree;
    let first = 0;
    let page = 0;
    while (page < this.#leafCount) {
      let order = page === 0 ? this.#topOrder : 31 - Math.clz32(page & -page);
      let node = (page + this.#leafCount) >>> order;
      while (tree[node] !== 0 && tree[node] !== order + 1) {
        node <<= 1;
        order--;
      }
      page += 1 << order;
      if (tree[node] === 0) first = page;
      else if (page - first >= pageCount) return first;
    }
    return -1;
  }

  /** 1 for each page that is free, 0 for each that is not. For verification. */
  freePages(): Uint8Array {
    const free = new Uint8Array(this.#leafCount);
    this.#paintFree(free, 1, this.#topOrder);
    return free;
  }

  /** Takes a run of free pages. */
  occupy(firstPage: number, pageCount: number): void {
    this.#tile(firstPage, pageCount, false);
  }

  /** Frees a run exactly as it was occupied; neighbours merge. */
  vacate(firstPage: number, pageCount: number): void {
    this.#tile(firstPage, pageCount, true);
  }

  #paintFree(free: Uint8Array, node: number, order: number): void {
    const largest = this.#tree[node]!;
    if (largest === 0) return;
    const firstPage = (node << order) - this.#leafCount;
    if (largest === order + 1) {
      free.fill(1, firstPage, firstPage + (1 << order));
      return;
    }
    this.#paintFree(free, node << 1, order - 1);
    this.#paintFree(free, (node << 1) + 1, order - 1);
  }

  #tile(firstPage: number, pageCount: number, isFree: boolean): void {
    let page = firstPage;
    let left = pageCount;
    while (left > 0) {
      const fitting = 31 - Math.clz32(left);
      const aligned = page === 0 ? this.#topOrder : 31 - Math.clz32(page & -page);
      const order = aligned < fitting ? aligned : fitting;
      this.#setBlock(page, order, isFree);
      page += 1 << order;
      left -= 1 << order;
    }
  }

  #setBlock(page: number, order: number, isFree: boolean): void {
    const tree = this.#tree;
    let node = (page + this.#leafCount) >>> order;
    let at = order;
    tree[node] = isFree ? order + 1 : 0;
    while (node > 1) {
      node >>>= 1;
      at++;
      const left = tree[node << 1]!;
      const right = tree[(node << 1) + 1]!;
      const value = left === at && right === at ? at + 1 : left > right ? left : right;
      if (tree[node] === value) return;
      tree[node] = value;
    }
  }
}

/** Smallest order whose block holds `pageCount` pages. */
export function orderFor(pageCount: number): number {
  return pageCount <= 1 ? 0 : 32 - Math.clz32(pageCount - 1);
}
