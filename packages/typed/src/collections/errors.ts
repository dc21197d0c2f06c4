/** The errors of collections. */
import { PerflocError } from "@perfloc/trim";
import { show } from "../errors.js";

/**
 * A key is none of the type that a map was made for.
 * @public
 */
export class InvalidKeyError extends PerflocError {
  /** Name of the map. */
  readonly map: string;
  /** What was passed, as it was passed. */
  readonly key: unknown;

  constructor(map: string, key: unknown, expected: string) {
    super(
      "PERFLOC_TYPED_INVALID_KEY",
      `${map} takes ${expected} as a key, not ${show(key)}`,
      `Pass ${expected}.`,
    );
    this.map = map;
    this.key = key;
  }
}

/**
 * Keys were added or deleted while a map was iterated over: its elements may have moved.
 * @public
 */
export class MapChangedError extends PerflocError {
  /** Name of the map. */
  readonly map: string;

  constructor(map: string) {
    super(
      "PERFLOC_TYPED_MAP_CHANGED",
      `cannot go on with the iteration over ${map}: keys were added or deleted since it began`,
      "Collect the keys first, then change the map. Setting the values of keys that are there is allowed.",
    );
    this.map = map;
  }
}

/**
 * A string cannot be stored as UTF-8, or has more bytes than an object may have.
 * @public
 */
export class InvalidStringError extends PerflocError {
  /** Bytes that it has in UTF-8; `undefined` when it is not well-formed, or no string. */
  readonly byteLength: number | undefined;

  constructor(code: string, fact: string, hint: string, byteLength?: number) {
    super(code, fact, hint);
    this.byteLength = byteLength;
  }
}
