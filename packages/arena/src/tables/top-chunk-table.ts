/**
 * Which top chunk is where: the vector of chunks, and two tables by address.
 *
 *   chunks      in the order in which they were first held; entries never move
 *   slots       the chunk that covers each slot of the ladder; one longer than the cap covers several
 *   stretches   the chunk around each `initialChunkBytes` of addresses; slots are made of whole stretches
 *
 * State without decisions: who holds and vacates chunks decides when.
 */
import { type Address, asAddress, isAddress } from "../placement/address.js";
import type { SlotLadder } from "../placement/slot-ladder.js";
import type { BufferRange } from "../sources/buffer-source.js";
import type { Planes } from "./planes.js";
import { TopChunk } from "./top-chunk.js";

export class TopChunkTable {
  readonly ladder: SlotLadder;
  readonly chunks: TopChunk[] = [];
  readonly slots: (TopChunk | undefined)[] = [];
  readonly stretches: (TopChunk | undefined)[] = [];
  readonly stretchShift: number;
  readonly #planes: Planes;

  constructor(ladder: SlotLadder, planes: Planes) {
    this.ladder = ladder;
    this.#planes = planes;
    this.stretchShift = Math.log2(ladder.initialBytes);
  }

  /** The held chunk around an address; `undefined` for NULL, for what is no address, and where none is. O(1). */
  find(address: Address): TopChunk | undefined {
    if (!isAddress(address) || address === 0) return undefined;
    const chunk = this.stretches[address >>> this.stretchShift];
    return chunk !== undefined && address - chunk.base < chunk.byteLength ? chunk : undefined;
  }

  /** First address behind the highest chunk that is held. */
  get endAddress(): number {
    const last = this.stretches.at(-1);
    return last === undefined ? 0 : last.base + last.byteLength;
  }

  /** Whether a held chunk has one of the addresses from `base` on. */
  overlaps(base: Address, byteLength: number): boolean {
    const first = base >>> this.stretchShift;
    const last = asAddress(base + byteLength - 1) >>> this.stretchShift;
    for (let at = first; at <= last; at++) if (this.stretches[at] !== undefined) return true;
    return false;
  }

  /** Puts memory behind the addresses from `base` on, as the chunk of `slot`. */
  hold(slot: number, base: Address, range: BufferRange, byteLength: number): TopChunk {
    const { slots } = this;
    const chunk = this.#entryAt(base);
    chunk.hold(slot, range, byteLength);
    const lastSlot = this.ladder.slotOf(this.ladder.baseOf(slot) + byteLength - 1);
    // By pushes: the arrays keep no holes, which would make every look-up slow.
    while (slots.length < slot) slots.push(undefined);
    for (let covered = slot; covered <= lastSlot; covered++) slots[covered] = chunk;
    const { stretches } = this;
    const first = base >>> this.stretchShift;
    const last = asAddress(base + byteLength - 1) >>> this.stretchShift;
    while (stretches.length < first) stretches.push(undefined);
    for (let at = first; at <= last; at++) stretches[at] = chunk;
    return chunk;
  }

  /** Makes a chunk a vacant entry; the caller has given its range back. */
  vacate(chunk: TopChunk): void {
    const { slots } = this;
    const { stretches } = this;
    for (let { slot } = chunk; slots[slot] === chunk; slot++) slots[slot] = undefined;
    for (let at = chunk.base >>> this.stretchShift; stretches[at] === chunk; at++)
      stretches[at] = undefined;
    chunk.vacate();
    while (slots.length > 0 && slots.at(-1) === undefined) slots.pop();
    while (stretches.length > 0 && stretches.at(-1) === undefined) stretches.pop();
  }

  #entryAt(base: Address): TopChunk {
    const known = this.chunks.find((entry) => entry.base === base);
    if (known !== undefined) return known;
    const chunk = new TopChunk(this.chunks.length, base, this.#planes);
    this.chunks.push(chunk);
    return chunk;
  }
}
