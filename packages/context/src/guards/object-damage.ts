/**
 * What is wrong with a guarded object:
 *
 *   live          [byteLength, capacity) must be canary, or it was overrun
 *   quarantined   [0, capacity) must be as its free left it, or it was written to
 */
import { CANARY_BYTE, FREED_BYTE } from "./fill-bytes.js";
import { BufferOverrunError, type GuardedObject, UseAfterFreeError } from "./guard-errors.js";
import type { GuardRecord } from "./guard-record.js";
import { framesOf } from "./site.js";

/** The error for the first byte that was overwritten; `undefined` when the object is whole. */
export function damageOf(record: GuardRecord): BufferOverrunError | UseAfterFreeError | undefined {
  const { canaryFrom, capacity } = record;
  if (record.state === "quarantined") {
    const offset = record.findOverwritten(0, capacity, FREED_BYTE);
    if (offset < 0) return undefined;
    const fact = `was written to after it was freed: byte ${offset} is 0x${byteAt(record, offset).toString(16)}`;
    const code = "PERFLOC_CONTEXT_WRITE_AFTER_FREE";
    return new UseAfterFreeError(code, describeObject(record), offset, fact);
  }
  const offset = record.findOverwritten(canaryFrom, capacity, CANARY_BYTE);
  if (offset < 0) return undefined;
  return new BufferOverrunError(describeObject(record), offset, byteAt(record, offset));
}

/** An object as errors name it. */
export function describeObject(record: GuardRecord): GuardedObject {
  const { address, byteLength, allocatedAt, freedAt, owner } = record;
  return {
    address,
    byteLength,
    context: owner.name,
    allocatedAt: framesOf(allocatedAt),
    freedAt: framesOf(freedAt),
  };
}

function byteAt({ top, address }: GuardRecord, offset: number): number {
  return top.u8[address - top.base + offset]!;
}
