/**
 * Whether what lay at an address when it was looked up lies there still: on the level `debug`, where typed views ask at each
 * access, also those that know nothing but an address.
 *
 *   an object begins at the address    its record: is it the one of then, and live?
 *   within an object                   its context and process chunk: the same as then, not reset, and cut as far as that?
 */
import { type Address, UseAfterDropError } from "@perfloc/arena";
import { chunkAround, highWaterOf, ownerAt, ownerIdAt } from "../chunks/chunk-header.js";
import { type Lifetime, lifetimeAt } from "../scopes/lifetime.js";
import { type ContextNode, type HeapState, ownExtras } from "../tables/context-node.js";
import { UseAfterFreeError } from "./guard-errors.js";
import type { GuardRecord } from "./guard-record.js";
import { describeObject } from "./object-damage.js";

export class ObjectIdentity {
  readonly #address: Address;
  readonly #base: Address;
  readonly #context: ContextNode;
  readonly #contextId: number;
  readonly #sinceReset: Lifetime;
  readonly #record: GuardRecord | undefined;

  constructor(
    address: Address,
    base: Address,
    context: ContextNode,
    record: GuardRecord | undefined,
  ) {
    this.#address = address;
    this.#base = base;
    this.#context = context;
    this.#contextId = context.id;
    this.#sinceReset = lifetimeAt(ownExtras(context).lifetimes, 0);
    this.#record = record;
  }

  /** Bytes that were asked for; -1 within an object. */
  get byteLength(): number {
    return this.#record?.byteLength ?? -1;
  }

  /** What the layer above said that it is. */
  get kind(): unknown {
    return this.#record?.kind;
  }

  /** The layer above says what it is. */
  set kind(kind: unknown) {
    if (this.#record !== undefined) this.#record.kind = kind;
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
    if (record !== undefined) return record.owner.find(record.address) === record;
    return (
      !this.#sinceReset.isOver &&
      ownerIdAt(context.planes, this.#base) === this.#contextId &&
      this.#address < highWaterOf(context, this.#base)
    );
  }
}

/**
 * What has an address now; `undefined` where no context has memory.
 * @param recordIn - finds the record of the object in the heap that its context belongs to
 */
export function identityAt(
  state: HeapState,
  address: Address,
  recordIn: (state: HeapState) => GuardRecord | undefined,
): ObjectIdentity | undefined {
  const base = chunkAround(state.planes, address);
  const context = base === 0 ? undefined : ownerAt(state, base);
  if (context === undefined) return undefined;
  return new ObjectIdentity(address, base, context, recordIn(context.state));
}
