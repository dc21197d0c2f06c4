/** The functions that are made for one struct at one kind of place, when they are first asked for. */
import { type Address, MemoryContext } from "@perfloc/trim";
import type { FieldPlace } from "../errors.js";
import type { CheckedType, MadeFunctions, RecordFunctions } from "../access/codec.js";
import type { PlacedMemory } from "../access/memory.js";
import { isAscii, writeAscii } from "./ascii.js";
import { evaluate } from "./evaluate.js";
import { nearest } from "../layout/nearest.js";
import type { RecordShape } from "./record-shape.js";
import { type RecordSource, recordSource } from "./record-source.js";

/** The functions that all structs share, which the text calls for values that it does not store itself. */
export interface GeneralWays {
  readonly cursorAt: (context: MemoryContext, address: Address) => PlacedMemory;
  readonly allocAnyhow: (context: MemoryContext, value: unknown) => Address;
  readonly allocZeros: (context: MemoryContext) => Address;
}

/** An array whose general `push` takes the values that the text does not store. */
interface Pushing {
  $pushAnyhow(value: unknown): number;
  $pushAll(values: ArrayLike<unknown>): number;
}

export class MadeRecord implements MadeFunctions {
  readonly #shape: RecordShape;
  readonly #ways: GeneralWays;
  #source: RecordSource | undefined;
  #functions: RecordFunctions | undefined;
  #isMade = false;

  constructor(shape: RecordShape, ways: GeneralWays) {
    this.#shape = shape;
    this.#ways = ways;
  }

  /** The text; `undefined` for structs with strings outside of them (`utf8`) or with more than 200 fields. */
  get source(): RecordSource | undefined {
    this.#source ??= recordSource(this.#shape);
    return this.#source;
  }

  /** `undefined` where there is no text, or the host forbids functions of text. */
  get functions(): RecordFunctions | undefined {
    if (!this.#isMade) this.#make();
    return this.#functions;
  }

  #make(): void {
    const { source } = this;
    if (source !== undefined) {
      const scope = { ...source.scope, ...common, ...this.#ways };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text returns an object of these
      this.#functions = evaluate(scope, source.text) as RecordFunctions | undefined;
    }
    // Last: if the stack overflows before, the next call tries again.
    this.#isMade = true;
  }
}

/** The values that every text refers to. */
const common = {
  BigInt,
  brand: MemoryContext.prototype.brand,
  getPrototypeOf: Object.getPrototypeOf,
  isArray: Array.isArray,
  isAscii,
  nearest,
  plain: Object.prototype,
  pushAll: (array: Pushing, values: ArrayLike<unknown>): number => array.$pushAll(values),
  pushAnyhow: (array: Pushing, value: unknown): number => array.$pushAnyhow(value),
  takes,
  writeAscii,
};

/** For checks whose error is dropped: the general function checks the value again, and throws with its place. */
const NOWHERE: FieldPlace = { structName: "", fieldName: "" };

function takes(type: CheckedType, value: unknown): boolean {
  try {
    type.check(value, NOWHERE);
    return true;
  } catch {
    return false;
  }
}
