/**
 * Which granules (8 bytes) of the address space belong to an object, one byte each: finds two objects that overlap, and
 * memory that is handed out again while a rollback may still bring its old object back.
 */
import type { Address, Arena, TopChunk } from "@perfloc/context";
import { fail } from "./fail.js";

const GRANULE_BYTES = 8;

export class GranuleShadow {
  readonly #arena: Arena;
  readonly #claims = new Map<TopChunk, Uint8Array>();
  /** How many granules are claimed: 0 when every object was ended. */
  claimedGranules = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Takes the granules of an object; an object of 0 bytes has one too, for its address is its own. */
  claim(address: Address, byteLength: number): void {
    const chunk = this.#arena.chunkAt(address);
    const claims = this.#claimsOf(chunk);
    const first = (address - chunk.base) / GRANULE_BYTES;
    const end = first + granulesOf(byteLength);
    if (end > claims.length)
      fail(`object at ${address} of ${byteLength} bytes leaves its top chunk`);
    for (let granule = first; granule < end; granule++) {
      if (claims[granule] !== 0) {
        fail(`object at ${address} of ${byteLength} bytes overlaps another object`);
      }
      claims[granule] = 1;
    }
    this.claimedGranules += end - first;
  }

  unclaim(address: Address, byteLength: number): void {
    const chunk = this.#arena.chunkAt(address);
    const first = (address - chunk.base) / GRANULE_BYTES;
    const end = first + granulesOf(byteLength);
    const claims = this.#claimsOf(chunk);
    for (let granule = first; granule < end; granule++) {
      if (claims[granule] !== 1) fail(`object at ${address} ends, but its memory was not its own`);
      claims[granule] = 0;
    }
    this.claimedGranules -= end - first;
  }

  /** An object changed its length where it lies. */
  resize(address: Address, oldLength: number, newLength: number): void {
    const kept = Math.min(granulesOf(oldLength), granulesOf(newLength)) * GRANULE_BYTES;
    if (granulesOf(oldLength) * GRANULE_BYTES > kept) {
      this.unclaim(address + kept, granulesOf(oldLength) * GRANULE_BYTES - kept);
    } else if (granulesOf(newLength) * GRANULE_BYTES > kept) {
      this.claim(address + kept, granulesOf(newLength) * GRANULE_BYTES - kept);
    }
  }

  isClaimed(address: Address): boolean {
    const chunk = this.#arena.findChunk(address);
    if (chunk === undefined) return false;
    return this.#claimsOf(chunk)[Math.floor((address - chunk.base) / GRANULE_BYTES)] === 1;
  }

  /** A released chunk may come back with another length; nothing was claimed in it then. */
  #claimsOf(chunk: TopChunk): Uint8Array {
    const granules = chunk.byteLength / GRANULE_BYTES;
    let claims = this.#claims.get(chunk);
    if (claims?.length !== granules) {
      claims = new Uint8Array(granules);
      this.#claims.set(chunk, claims);
    }
    return claims;
  }
}

function granulesOf(byteLength: number): number {
  return Math.max(1, Math.ceil(byteLength / GRANULE_BYTES));
}
