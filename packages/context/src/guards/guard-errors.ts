/** The findings of guards: each names the object, the bytes, and the places in the program that had to do with it. */
import { type Address, PerflocError } from "@perfloc/arena";
import { printedAt } from "../errors.js";

/**
 * An object of the levels `debug` and `sample`, as errors and reports name it.
 * @public
 */
export interface GuardedObject {
  readonly address: Address;
  /** What was asked for. */
  readonly byteLength: number;
  /** Name of its context. */
  readonly context: string;
  /** Up to six frames of the call that allocated it, innermost first; on `sample` kept for one guarded object in 512, else empty. */
  readonly allocatedAt: readonly string[];
  /** The same of the call that freed it; empty while it lives, and where `allocatedAt` is. */
  readonly freedAt: readonly string[];
}

/** An object with the innermost frames of its places, as far as they are known. */
function nameOf({ address, byteLength, context, allocatedAt, freedAt }: GuardedObject): string {
  const places = [
    ...(allocatedAt[0] === undefined ? [] : [`allocated at ${allocatedAt[0]}`]),
    ...(freedAt[0] === undefined ? [] : [`freed at ${freedAt[0]}`]),
  ].join(", ");
  const name = `the object of ${byteLength} bytes at ${printedAt(address)} in context "${context}"`;
  return places === "" ? name : `${name}, ${places},`;
}

/** Hint where no site was kept: on `sample` most often. */
const NO_PLACES = '. No place was kept: check "debug" keeps all of them.';

/**
 * Bytes behind an object were overwritten: by a write past its end, or before the beginning of the next one. Found at its free,
 * its reset or drop, and by `verify()`. On `sample` the place is kept for one guarded object in 512.
 * @public
 */
export class BufferOverrunError extends PerflocError {
  readonly address: Address;
  readonly byteLength: number;
  readonly context: string;
  readonly allocatedAt: readonly string[];
  /** The first byte that was overwritten, counted from `address`: `byteLength` or more. */
  readonly offset: number;
  /** What it holds now. */
  readonly found: number;

  constructor(object: GuardedObject, offset: number, found: number) {
    super(
      "PERFLOC_CONTEXT_OVERRUN",
      `${nameOf(object)} was overrun: byte ${offset} was overwritten with 0x${found.toString(16)}`,
      `Look at what writes to this object, or to the one behind it${object.allocatedAt.length > 0 ? "; allocatedAt has the stack that made it." : NO_PLACES}`,
    );
    this.address = object.address;
    this.byteLength = object.byteLength;
    this.context = object.context;
    this.allocatedAt = object.allocatedAt;
    this.offset = offset;
    this.found = found;
  }
}

/**
 * An object was used after it was freed: written to (`PERFLOC_CONTEXT_WRITE_AFTER_FREE`, found when it leaves the quarantine, at
 * reset, drop and `verify()`), or looked at through `bytes()` (`PERFLOC_CONTEXT_USE_AFTER_FREE`). On `sample` the places are kept for
 * one guarded object in 512.
 * @public
 */
export class UseAfterFreeError extends PerflocError {
  readonly address: Address;
  readonly byteLength: number;
  readonly context: string;
  readonly allocatedAt: readonly string[];
  readonly freedAt: readonly string[];
  /** The first byte that was overwritten, counted from `address`; -1 when it was looked at. */
  readonly offset: number;

  constructor(code: string, object: GuardedObject, offset: number, fact: string) {
    super(
      code,
      `${nameOf(object)} ${fact}`,
      `Somebody kept its address${object.freedAt.length > 0 ? "; freedAt has the stack that freed it." : NO_PLACES}`,
    );
    this.address = object.address;
    this.byteLength = object.byteLength;
    this.context = object.context;
    this.allocatedAt = object.allocatedAt;
    this.freedAt = object.freedAt;
    this.offset = offset;
  }
}

/** Objects that a leak error lists one by one. */
const LISTED = 20;

/**
 * A context that was opened with `expectFreed` ended with objects that were not freed. The reset or drop was done all the same.
 * @public
 */
export class LeakError extends PerflocError {
  readonly context: string;
  /** How many objects. On the level `sample` there are about `sampleEvery` times as many. */
  readonly count: number;
  readonly byteLength: number;
  /** The first twenty of them, the newest first. */
  readonly objects: readonly GuardedObject[];

  constructor(context: string, objects: readonly GuardedObject[], openedAt: readonly string[]) {
    const byteLength = objects.reduce((sum, object) => sum + object.byteLength, 0);
    const opened = openedAt[0] === undefined ? "" : `, opened at ${openedAt[0]},`;
    super(
      "PERFLOC_CONTEXT_LEAK",
      `context "${context}"${opened} ended with ${objects.length} object${objects.length === 1 ? "" : "s"} of ${byteLength} bytes that nobody freed`,
      "Free them, or open the context without expectFreed: its end frees everything; objects tells where each was allocated.",
    );
    this.context = context;
    this.count = objects.length;
    this.byteLength = byteLength;
    this.objects = objects.slice(0, LISTED);
  }
}
