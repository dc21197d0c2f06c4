/**
 * Whether what lay at an address when it was looked up lies there still: on the level `debug`, where typed views ask at each
 * access, also those that know nothing but an address.
 *
 *   an object begins at the address    its record: is it the one of then, and live?
 *   within an object                   its context and process chunk: the same as then, not reset, and cut as far as that?
 */
import { type Address, UseAfterDropError } from "@perfloc/arena";
import type { HeapState } from "../heap-state.js";
import type { Lifetime } from "../lifetime.js";
import type { MemoryContext } from "../memory-context.js";
import { type ProcessChunk, processChunkAt } from "../process-chunk.js";
import { UseAfterFreeError } from "./guard-errors.js";
import type { GuardRecord } from "./guard-record.js";
import { describeObject } from "./object-damage.js";

export class Tenancy {
  readonly #address: Address;
  readonly #chunk: ProcessChunk;
  readonly #context: MemoryContext;
  readonly #sinceReset: Lifetime;
  readonly #record: GuardRecord | undefined;

  constructor(
    address: Address,
    chunk: ProcessChunk,
    context: MemoryContext,
    record: GuardRecord | undefined,
  ) {
    this.#address = address;
    this.#chunk = chunk;
    this.#context = context;
    this.#sinceReset = context.lifetimeSinceReset;
    this.#record = record;
  }

  /**
   * @param what - what is used, with its article
   * @throws UseAfterFreeError `PERFLOC_CONTEXT_USE_AFTER_FREE` for an object that was freed
   * @throws UseAfterDropError `PERFLOC_CONTEXT_OBJECT_GONE` when it went with a reset, rollback or drop
   */
  check(what: string): void {
    const record = this.#record;
    if (record !== undefined && record.state !== "live") {
      const object = describeObject(record);
      const code = "PERFLOC_CONTEXT_USE_AFTER_FREE";
      const fact = "was looked at after it was freed";
      throw this.#context.misused(new UseAfterFreeError(code, object, -1, fact));
    }
    if (this.#isThere(record)) return;
    const error = new UseAfterDropError(
      "PERFLOC_CONTEXT_OBJECT_GONE",
      `address ${this.#address}`,
      `cannot use ${what} at address ${this.#address}: it went with a reset, rollback or drop of context "${this.#context.name}"`,
      "Do not keep views and addresses of dead objects.",
    );
    throw this.#context.misused(error);
  }

  #isThere(record: GuardRecord | undefined): boolean {
    const context = this.#context;
    if (record !== undefined) return record.guards.find(record.address) === record;
    return (
      !this.#sinceReset.isOver &&
      this.#chunk.context === context &&
      this.#address < context.highWaterOf(this.#chunk)
    );
  }
}

/** Who has an address now; `undefined` where no context has memory. */
export function tenancyAt(state: HeapState, address: Address): Tenancy | undefined {
  const chunk = processChunkAt(state.arena, address);
  const context = chunk?.context;
  if (chunk === undefined || context === undefined) return undefined;
  return new Tenancy(address, chunk, context, context.state.guards?.find(address));
}
