/** Fills the heap up to the bytes that are to stay live through the burst, in one context with small objects. */
import type { Heap } from "@perfloc/context";
import type { ContentCheck } from "./content-check.js";

const OBJECT_BYTES = 1000;

export class Survivors {
  readonly #content: ContentCheck;
  readonly #firstId: number;
  readonly #addresses: number[] = [];

  constructor(heap: Heap, content: ContentCheck, byteLength: number, firstId: number) {
    this.#content = content;
    this.#firstId = firstId;
    const context = heap.open("session cache");
    while (this.liveBytes < byteLength) {
      const address = context.alloc(OBJECT_BYTES);
      content.fill(address, OBJECT_BYTES, firstId + this.#addresses.length);
      this.#addresses.push(address);
    }
  }

  get liveBytes(): number {
    return this.#addresses.length * OBJECT_BYTES;
  }

  get objectCount(): number {
    return this.#addresses.length;
  }

  checkLiveObjects(): void {
    for (const [object, address] of this.#addresses.entries()) {
      this.#content.check(address, OBJECT_BYTES, this.#firstId + object);
    }
  }
}
