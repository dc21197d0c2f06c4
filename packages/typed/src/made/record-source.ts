/**
 * Turns a record into the text of the functions that read and write it whole. For `struct("Point", { x: f64, id: u32 })`:
 *
 *   set(memory, value) {
 *     if (value is no plain object) return false;                 an instance of a class, a view
 *     let n0 = 2;
 *     const v1 = value["x"];                                      getters, which are user code, run here
 *     if (v1 === undefined) { n0--; isWhole = false; }
 *     if (v1 !== undefined && !(typeof v1 === "number")) return false;
 *     const v2 = value["id"];
 *     if (v2 === undefined) { n0--; isWhole = false; }
 *     if (v2 !== undefined && !(typeof v2 === "number" && v2 >>> 0 === v2)) return false;
 *     for (const name in value) n0--;                             not 0 if a name is none of a field
 *     if (n0 !== 0) return false;
 *     const at = memory.$offset;
 *     const f64 = memory.$f64;
 *     const u32 = memory.$u32;
 *     if (v1 !== undefined) f64[(at >>> 3)] = v1;
 *     if (v2 !== undefined) u32[(at >>> 2) + 2] = v2;
 *     return true;
 *   }
 *
 * All values are evaluated before the place is looked up, and only then stored. Values that the text does not expect are left to the
 * general function, which stores them or throws. `alloc` and `push` use `isWhole`: if all fields are there, only the words that no field
 * fills are zeroed. Names of fields stand in the text as string literals only.
 */
import type { BoundElements, BoundMember, Codec } from "../access/codec.js";
import { readerSource } from "./reader-source.js";
import {
  MAX_ELEMENTS,
  MAX_FIELDS,
  type RecordShape,
  type Scope,
  arrayLines,
  isShortAndMade,
} from "./record-shape.js";
import type { ArrayName } from "../access/memory.js";
import { OBJECT_ALIGN } from "../layout/object-align.js";

export interface RecordSource {
  readonly text: string;
  /** The types and codecs of fields that have no text of their own. */
  readonly scope: Scope;
}

/** Up to so many words are zeroed one by one, more by `fill`. */
const MAX_ZEROED_WORDS = 16;

/** The text of `alloc`, `push`, `set` and `read`; `undefined` for records with strings outside of them (`utf8`) or with more than 200 fields. */
export function recordSource(shape: RecordShape): RecordSource | undefined {
  const writer = new RecordWriter(shape);
  if (!writer.canWrite) return undefined;
  const text = [
    "return {",
    ...writer.alloc(),
    ...writer.push(),
    ...writer.set(),
    ...readerSource(shape.members, writer.scope),
    "};",
  ].join("\n");
  return { text, scope: writer.scope };
}

/** A field, or a field of a field, with the names of its variables. */
interface Leaf {
  readonly codec: Codec;
  /** From the beginning of the whole record. */
  readonly byteOffset: number;
  /** The variable that has its value. */
  readonly value: string;
  /** The variable that has what is stored: the value, settled where it may be a view. */
  readonly stored: string;
  /** Number of its type and codec in the scope; `undefined` for what has a text. */
  readonly number?: number;
}

class RecordWriter {
  readonly scope: Scope = {};
  readonly canWrite: boolean;
  readonly #shape: RecordShape;
  readonly #evaluation: string[] = [];
  /** Of types without a text. */
  readonly #settles: string[] = [];
  readonly #tests: string[] = [];
  readonly #leaves: Leaf[] = [];
  /** How many variables have a name. */
  #names = 0;

  constructor(shape: RecordShape) {
    this.#shape = shape;
    this.canWrite = countFields(shape.members) <= MAX_FIELDS && !storesTexts(shape.members);
    if (!this.canWrite) return;
    // `undefined` means a field that is left out; the record itself may not be.
    this.#evaluation.push(`  if (value === undefined) ${FAIL}`);
    this.#record("value", shape.members, 0);
    this.#evaluation.push(...this.#settles, ...this.#tests);
  }

  alloc(): string[] {
    const { size } = this.#shape;
    const isDirect = this.#isDirect;
    return [
      "alloc(context, value) {",
      "  if (value === undefined) return allocZeros(context);",
      ...this.#evaluated("return allocAnyhow(context, value);"),
      // `allocAnyhow` refuses what is no context of this copy; instanceof would take longer than all the rest.
      // On the level `debug` the object has to know its struct.
      "  if (context === undefined || context === null || context.brand !== brand || context.isDropped || context.state.checksAccess)",
      "    return allocAnyhow(context, value);",
      `  const address = context.alloc(${size}${this.#shape.align > OBJECT_ALIGN ? `, ${this.#shape.align}` : ""});`,
      ...(isDirect
        ? [
            "  const memory = context.arena.chunkAt(address);",
            "  const at = address - memory.base;",
          ]
        : ["  const memory = cursorAt(context, address);", "  const at = memory.$offset;"]),
      ...arrayLines(isDirect ? "" : "$", this.#written),
      ...this.#initialized(),
      "  return address;",
      "},",
    ];
  }

  push(): string[] {
    return [
      "push(value) {",
      "  if (arguments.length !== 1) return pushAll(this, arguments);",
      ...this.#evaluated("return pushAnyhow(this, value);"),
      "  if (this.$guard.isDropped) this.$refuseDropped();",
      "  const length = this.$length;",
      "  if (length >= this.$room) this.$grow();",
      "  const { memory, offset } = this.$slots;",
      `  const at = offset + length * ${this.#shape.size};`,
      ...arrayLines("$", this.#written),
      ...this.#initialized(),
      "  return (this.$length = length + 1);",
      "},",
    ];
  }

  set(): string[] {
    return [
      "set(memory, value) {",
      ...this.#evaluated("return false;"),
      "  const at = memory.$offset;",
      ...arrayLines("$", this.#written),
      ...this.#leaves.map((leaf) => `  if (${leaf.value} !== undefined) ${this.#store(leaf)}`),
      "  return true;",
      "},",
    ];
  }

  /** Whether all fields are stored by their text, into arrays that top chunks have. */
  get #isDirect(): boolean {
    return this.#leaves.every(
      ({ codec: { source } }) => source !== undefined && source.array !== "view",
    );
  }

  /** The arrays that the stores use. */
  get #written(): Set<ArrayName> {
    const names = this.#leaves.flatMap(({ codec: { source } }) =>
      source === undefined ? [] : source.array,
    );
    return new Set<ArrayName>([...names, this.#zeroArray]);
  }

  /** The array to zero words through: the widest of the record's arrays that needs at most 16 stores, else `u8`. */
  get #zeroArray(): ArrayName {
    const { align, arrays, size } = this.#shape;
    const fitting = ZERO_ARRAYS.find(
      ({ name, bytes }) =>
        bytes <= align && size / bytes <= MAX_ZEROED_WORDS && arrays.includes(name),
    );
    return fitting?.name ?? "u8";
  }

  #evaluated(fail: string): string[] {
    return [
      "  let isWhole = true;",
      ...this.#evaluation.map((line) => line.replaceAll(FAIL, fail)),
    ];
  }

  /** Fields that are left out are zero, and so is padding. */
  #initialized(): string[] {
    const whole = this.#leaves.map((leaf) => `    ${this.#store(leaf)}`);
    const some = this.#leaves.map(
      (leaf) => `    if (${leaf.value} !== undefined) ${this.#store(leaf)}`,
    );
    return [
      "  if (isWhole) {",
      ...this.#zeroed(this.#stored),
      ...whole,
      "  } else {",
      ...this.#zeroed(NO_BYTES),
      ...some,
      "  }",
    ];
  }

  /** The bytes that stores overwrite completely. Not those of bit fields and of codecs, which may keep other bits. */
  get #stored(): ReadonlySet<number> {
    return new Set(
      this.#leaves.flatMap(({ byteOffset, codec: { size, source } }) =>
        source === undefined || source.isPart === true
          ? []
          : Array.from({ length: size }, (_, byte) => byteOffset + byte),
      ),
    );
  }

  /** Zeroes all words but those whose bytes are all in `stored`. */
  #zeroed(stored: ReadonlySet<number>): string[] {
    const array = this.#zeroArray;
    const { size } = this.#shape;
    const { bytes } = ZERO_ARRAYS.find(({ name }) => name === array)!;
    const isStored = (word: number): boolean =>
      Array.from({ length: bytes }, (_, byte) => word * bytes + byte).every((byte) =>
        stored.has(byte),
      );
    const words = Array.from({ length: size / bytes }, (_, word) => word).filter(
      (word) => !isStored(word),
    );
    if (words.length > MAX_ZEROED_WORDS) return [`    u8.fill(0, at, at + ${size});`];
    const first = bytes === 1 ? "at" : `(at >>> ${Math.log2(bytes)})`;
    return words.map((word) => `    ${array}[${first} + ${word}] = 0;`);
  }

  #store({ codec: { source }, byteOffset, stored, number }: Leaf): string {
    return source === undefined
      ? `codec${number}.write(memory, at + ${byteOffset}, ${stored});`
      : source.write(source.array, "at", byteOffset, stored);
  }

  /**
   * Evaluates the values of the record in the variable `object`; if that is `undefined`, all fields are left out. Types without a text run code
   * of the program and look at objects that it can change: they are asked when all properties have been read, those of records within too.
   */
  #record(object: string, members: readonly BoundMember[], first: number): void {
    const count = this.#name("n");
    const lines = this.#evaluation;
    lines.push(
      `  if (${object} !== undefined && (typeof ${object} !== "object" || ${object} === null || getPrototypeOf(${object}) !== plain)) ${FAIL}`,
      `  let ${count} = ${members.length};`,
    );
    for (const member of members) {
      const value = this.#name("v");
      const property = `${object}[${JSON.stringify(member.name)}]`;
      lines.push(
        `  const ${value} = ${object} === undefined ? undefined : ${property};`,
        `  if (${value} === undefined) { ${count}--; isWhole = false; }`,
      );
      this.#field(value, member, first + member.byteOffset);
    }
    lines.push(`  for (const name in ${object}) ${count}--;`, `  if (${count} !== 0) ${FAIL}`);
  }

  #field(value: string, { codec, type }: BoundMember, byteOffset: number): void {
    const { fields, elements, source } = codec;
    if (source !== undefined) {
      this.#evaluation.push(`  if (${value} !== undefined && !(${source.takes(value)})) ${FAIL}`);
      this.#leaves.push({ codec, byteOffset, value, stored: value });
    } else if (fields !== undefined) {
      this.#record(value, fields, byteOffset);
    } else if (elements !== undefined && isShortAndMade(elements)) {
      this.#elements(value, elements, byteOffset);
    } else {
      const number = this.#names++;
      const stored = `s${number}`;
      this.#leaves.push({ codec, byteOffset, value, stored, number });
      this.scope[`type${number}`] = type;
      this.scope[`codec${number}`] = codec;
      this.#settles.push(
        `  const ${stored} = ${value} === undefined ? undefined : type${number}.settle(${value});`,
      );
      this.#tests.push(
        `  if (${stored} !== undefined && !takes(type${number}, ${stored})) ${FAIL}`,
      );
    }
  }

  /** Evaluates the elements of a short array of scalars: all of them have to be there. */
  #elements(array: string, { codec, length, stride }: BoundElements, first: number): void {
    this.#evaluation.push(
      `  if (${array} !== undefined && !(isArray(${array}) && ${array}.length === ${length})) ${FAIL}`,
    );
    const source = codec.source!;
    for (let index = 0; index < length; index++) {
      const value = this.#name("v");
      this.#evaluation.push(
        `  const ${value} = ${array} === undefined ? undefined : ${array}[${index}];`,
        `  if (${array} !== undefined && !(${source.takes(value)})) ${FAIL}`,
      );
      this.#leaves.push({
        codec,
        byteOffset: first + index * stride,
        value,
        stored: value,
      });
    }
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }
}

const NO_BYTES: ReadonlySet<number> = new Set();

/** Stands for the statement that leaves a value to the general way. */
const FAIL = "@fail;";

/** Zero is all bits zero in each. */
const ZERO_ARRAYS: readonly { readonly name: ArrayName; readonly bytes: number }[] = [
  { name: "f64", bytes: 8 },
  { name: "i32", bytes: 4 },
  { name: "u32", bytes: 4 },
  { name: "f32", bytes: 4 },
  { name: "i16", bytes: 2 },
  { name: "u16", bytes: 2 },
  { name: "u8", bytes: 1 },
];

/** Fields of fields count, too. */
function countFields(members: readonly BoundMember[]): number {
  return members.reduce(
    (sum, { codec: { elements, fields } }) =>
      sum +
      (fields === undefined ? Math.min(elements?.length ?? 1, MAX_ELEMENTS) : countFields(fields)),
    0,
  );
}

function storesTexts(members: readonly BoundMember[]): boolean {
  return members.some(({ codec }) => codec.storesTexts === true);
}
