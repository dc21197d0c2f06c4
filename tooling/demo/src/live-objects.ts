/**
 * The live objects of a replay: where each one lies, how long it is, and a list of them for each context, so that a reset
 * or a drop can look at all that it ends.
 */
import type { Address } from "@perfloc/context";

/** End of a list. */
const NONE = -1;

export class LiveObjects {
  readonly #addresses: Float64Array;
  readonly #byteLengths: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** By context: the object that was allocated last. */
  readonly #newest: Int32Array;
  #liveBytes = 0;

  constructor(objectCount: number, contextCount: number) {
    this.#addresses = new Float64Array(objectCount);
    this.#byteLengths = new Int32Array(objectCount);
    this.#next = new Int32Array(objectCount);
    this.#previous = new Int32Array(objectCount);
    this.#newest = new Int32Array(contextCount + 1).fill(NONE);
  }

  /** Sum of the lengths that were asked for. */
  get liveBytes(): number {
    return this.#liveBytes;
  }

  addressOf(object: number): Address {
    return this.#addresses[object]!;
  }

  byteLengthOf(object: number): number {
    return this.#byteLengths[object]!;
  }

  /** The objects of one context, newest first. */
  *of(context: number): Generator<number> {
    for (let at = this.#newest[context]!; at !== NONE; at = this.#next[at]!) yield at;
  }

  add(context: number, object: number, address: Address, byteLength: number): void {
    const next = this.#newest[context]!;
    this.#next[object] = next;
    this.#previous[object] = NONE;
    if (next !== NONE) this.#previous[next] = object;
    this.#newest[context] = object;
    this.#addresses[object] = address;
    this.#byteLengths[object] = byteLength;
    this.#liveBytes += byteLength;
  }

  move(object: number, address: Address, byteLength: number): void {
    this.#liveBytes += byteLength - this.#byteLengths[object]!;
    this.#addresses[object] = address;
    this.#byteLengths[object] = byteLength;
  }

  remove(context: number, object: number): void {
    const next = this.#next[object]!;
    const previous = this.#previous[object]!;
    if (next !== NONE) this.#previous[next] = previous;
    if (previous === NONE) this.#newest[context] = next;
    else this.#next[previous] = next;
    this.#liveBytes -= this.#byteLengths[object]!;
  }

  removeAll(context: number): void {
    for (const object of this.of(context)) this.#liveBytes -= this.#byteLengths[object]!;
    this.#newest[context] = NONE;
  }
}
