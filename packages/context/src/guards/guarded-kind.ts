/** The port to a context with guarded objects, as its guards use it: the plain calls are those of the kind without guards. */
import type { Address } from "@perfloc/arena";
import type { ContextNode } from "../tables/context-node.js";
import type { GuardLedger } from "./guard-ledger.js";

export interface GuardedKind extends ContextNode {
  readonly ledger: GuardLedger;
  plainAlloc(byteLength: number, alignment: number): Address;
  /** Frees an object for good, which becomes a plain one. */
  plainFree(address: Address): void;
  /** Makes the cell of a live object guarded, so that no hot path takes it. */
  setGuarded(address: Address, isGuarded: boolean): void;
  /** What to ask for, so that `byteLength` bytes and a canary have room; 0 when that cannot be: such an object stays plain. */
  guardedBytes(byteLength: number): number;
  /** How many bytes an object of so many asked for has. */
  capacityAt(address: Address, askedBytes: number): number;
  /** Whether a checkpoint is younger than the object. */
  isSealedAt(address: Address): boolean;
}
