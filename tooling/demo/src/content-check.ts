/** Fills objects, checks them before they go, and counts what it found. */
import type { Address, Arena } from "@perfloc/context";
import { fillObject, holdsObject } from "./object-words.js";

export class ContentCheck {
  readonly #arena: Arena;
  #checkedObjects = 0;
  #corruptObjects = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** How often an object was compared with what was written into it. */
  get checkedObjects(): number {
    return this.#checkedObjects;
  }

  /** How often it was not the same. */
  get corruptObjects(): number {
    return this.#corruptObjects;
  }

  fill(address: Address, byteLength: number, id: number): void {
    fillObject(this.#arena, address, byteLength, id);
  }

  check(address: Address, byteLength: number, id: number): void {
    this.#checkedObjects++;
    if (!holdsObject(this.#arena, address, byteLength, id)) this.#corruptObjects++;
  }
}
