/**
 * The memory that a reset leaves in a context, overwritten so that code that still uses it is found out: a read sees nonsense, a
 * write leaves a trace.
 *
 *   keeper  | header | new objects ... | df df df df df ... | never used |
 *                                     cursor              end
 *           bytes in [cursor, end) must stay as they are; ends when the context goes on in another chunk
 */
import { type Address, CorruptionError } from "@perfloc/arena";
import { HEADER_BYTES } from "../chunks/chunk-header.js";
import { FREED_BYTE, fillBytes, findOverwritten } from "./fill-bytes.js";
import type { GuardLedger } from "./guard-ledger.js";

/** What the next allocation may cut beyond a quarter more than it asks for: canary, and rounding to a small size class. */
const ROUNDING_BYTES = 64;

export class ResetPoison {
  readonly #ledger: GuardLedger;
  readonly #context: string;
  #cursor: Address = 0;
  #end: Address = 0;

  constructor(ledger: GuardLedger, context: string) {
    this.#ledger = ledger;
    this.#context = context;
  }

  /** Overwrites what was allocated from a chunk: it goes back, or starts again. */
  overwrite(base: Address, highWater: Address): void {
    const top = this.#ledger.arena.findChunk(base);
    const firstObject = base + HEADER_BYTES;
    if (top !== undefined && highWater > firstObject)
      fillBytes(top, firstObject - top.base, highWater - top.base, FREED_BYTE);
  }

  /** Overwrites what a reset leaves of the chunk that stays: from now on it has to stay so. */
  overwriteKeeper(keeper: Address, highWater: Address): void {
    this.overwrite(keeper, highWater);
    this.#begin(keeper + HEADER_BYTES, highWater);
  }

  #begin(cursor: Address, end: Address): void {
    // What an earlier reset left of the same chunk, and was not allocated since, is still watched.
    const isWatchedOn = cursor <= this.#cursor && this.#cursor <= end && end < this.#end;
    this.#cursor = cursor;
    if (!isWatchedOn) this.#end = end;
  }

  forget(): void {
    this.#end = 0;
  }

  /** Before an allocation from `cursor` on: looks at what it may take. @throws CorruptionError */
  beforeAlloc(cursor: Address, byteLength: number, alignment: number): void {
    if (this.#end === 0) return;
    this.#advance(cursor);
    // Size classes are a quarter apart at most, and what an alignment leaves is cut into slots.
    const takenBytes = byteLength * 1.25 + alignment + ROUNDING_BYTES;
    const reach = Math.min(this.#end, Math.ceil(cursor + takenBytes));
    const damage = this.#findDamage(reach);
    if (damage === undefined) return;
    this.forget();
    const start = this.#ledger.pendingCount;
    this.#ledger.note(damage);
    this.#ledger.throwSince(start);
  }

  /** The context has cut up to `cursor`; 0 when it cuts from another chunk. */
  #advance(cursor: Address): void {
    if (cursor < this.#cursor || cursor > this.#end) this.#end = 0;
    else this.#cursor = cursor;
  }

  /** Takes the newest cursor, before one of the calls below. */
  update(cursor: Address): void {
    if (this.#end !== 0) this.#advance(cursor);
  }

  /** Notes what was overwritten, and overwrites it again, so that it is reported once. */
  noteDamage(): void {
    const damage = this.#findDamage(this.#end);
    if (damage === undefined) return;
    this.#ledger.note(damage);
    const top = this.#ledger.arena.chunkAt(damage.address);
    fillBytes(top, this.#cursor - top.base, this.#end - top.base, FREED_BYTE);
  }

  verify(): void {
    const damage = this.#findDamage(this.#end);
    if (damage !== undefined) throw damage;
  }

  #findDamage(end: Address): CorruptionError | undefined {
    const cursor = this.#cursor;
    if (end <= cursor) return undefined;
    const top = this.#ledger.arena.findChunk(cursor);
    if (top === undefined) return undefined;
    const at = findOverwritten(top, cursor - top.base, end - top.base, FREED_BYTE);
    if (at < 0) return undefined;
    return new CorruptionError(
      "PERFLOC_CONTEXT_WRITE_AFTER_RESET",
      top.base + at,
      `memory of context "${this.#context}" was written to after its reset`,
    );
  }
}
