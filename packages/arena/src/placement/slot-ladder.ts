/**
 * Where top chunks lie in the virtual space: pure arithmetic, no search, no table.
 *
 * With S = initialChunkBytes and K = log2(maxChunkBytes / S), slots double up to the cap and stay there:
 *
 *   slot      0     1        2              ...  K-1         K              K+1            ...
 *   bytes     S     2S       4S                  S*2^(K-1)   S*2^K          S*2^K
 *   base      0     S        3S                  ...         S*(2^K - 1)    S*(2*2^K - 1)
 *
 * For q = floor(address / S) + 1 the slot is floor(log2 q) below the cap and K - 1 + floor(q / 2^K) from there on.
 * A slot is a place for a chunk; whether a chunk is there is the arena's business.
 */
import { ADDRESS_SPACE_BYTES, asAddress } from "./address.js";

export class SlotLadder {
  /** How many slots fit below 2^32. */
  readonly slotCount: number;
  readonly initialBytes: number;
  readonly capBytes: number;
  readonly #initialShift: number;
  /** K: how many slots are shorter than the cap. */
  readonly #rungs: number;
  readonly #capBase: number;

  /** Both lengths are powers of two, `initialBytes <= capBytes`. */
  constructor(initialBytes: number, capBytes: number) {
    this.initialBytes = initialBytes;
    this.capBytes = capBytes;
    this.#initialShift = Math.log2(initialBytes);
    this.#rungs = Math.log2(capBytes) - this.#initialShift;
    this.#capBase = capBytes - initialBytes;
    this.slotCount = this.#rungs + Math.floor((ADDRESS_SPACE_BYTES - this.#capBase) / capBytes);
  }

  /** The slot that holds `address` (0 to 2^32 - 1); may be `slotCount` or more at the very end of the space. */
  slotOf(address: number): number {
    const q = (address >>> this.#initialShift) + 1;
    const rungs = this.#rungs;
    const level = 31 - Math.clz32(q);
    return level < rungs ? level : rungs - 1 + (q >>> rungs);
  }

  /** First address of a slot. */
  baseOf(slot: number): number {
    const base =
      slot < this.#rungs
        ? this.initialBytes * (2 ** slot - 1)
        : this.#capBase + (slot - this.#rungs) * this.capBytes;
    return asAddress(base);
  }

  /** Length of a slot in bytes. */
  byteLengthOf(slot: number): number {
    return asAddress(slot < this.#rungs ? this.initialBytes * 2 ** slot : this.capBytes);
  }
}
