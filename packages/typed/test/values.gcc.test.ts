/**
 * Values against gcc and clang: random structs with bit fields of every width, little-endian and, with gcc, big-endian. What C writes is
 * read here and what is written here is read by C, byte by byte, over random bytes that padding has to keep.
 */
import { type FieldType, Heap, be, bool, f32, f64, struct } from "@perfloc/typed";
import { expect, test } from "vitest";
import { type Compiler, canCompile, run } from "./support/c-compiler.js";
import { declarations } from "./support/c-structs.js";
import { type Leaf, Random, type RandomStruct, randomStructs } from "./support/random-layouts.js";

/** 100 as it is; PERFLOC_STRUCTS=10000 for a long run, PERFLOC_SEED for another one. */
const STRUCT_COUNT = Number(process.env["PERFLOC_STRUCTS"] ?? 100);
const SEED = Number(process.env["PERFLOC_SEED"] ?? Date.now() % 2 ** 32);
const BATCH = 200;
const TIMEOUT_MS = 3_600_000;

/** A value as its bits. */
type Bits = bigint;

/** A struct with what is written into it, here and by C. */
interface Case {
  readonly made: RandomStruct;
  /** The bytes before. */
  readonly background: Uint8Array;
  readonly oursFirst: readonly Bits[];
  readonly theirsFirst: readonly Bits[];
}

function makeCase(random: Random, made: RandomStruct): Case {
  const valuesOf = (): Bits[] => made.leaves.map((leaf) => randomBits(random, leaf));
  return {
    made,
    background: Uint8Array.from({ length: made.type.size }, () => random.below(256)),
    oursFirst: valuesOf(),
    theirsFirst: valuesOf(),
  };
}

/** Often all ones or a single bit. Floats are numbers of a few bits: C may change what a NaN carries. */
function randomBits(random: Random, { scalar, width }: Leaf): Bits {
  if (scalar === f32 || scalar === f64) {
    const view = new DataView(new ArrayBuffer(8));
    const number = (random.below(2 ** 20) - 2 ** 19) / 8;
    if (scalar === f64) view.setFloat64(0, number);
    else view.setFloat32(0, number);
    return scalar === f64 ? view.getBigUint64(0) : BigInt(view.getUint32(0));
  }
  const kind = random.below(4);
  const word = (): bigint => BigInt(random.below(2 ** 32));
  const all = 2n ** 64n - 1n;
  const value = kind === 0 ? all : kind === 1 ? 1n << BigInt(random.below(width)) : undefined;
  return BigInt.asUintN(width, value ?? (word() << 32n) | word());
}

/** The value in JavaScript, as V60 has it. */
function valueOf({ scalar, width, isBitField }: Leaf, bits: Bits): unknown {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  if (scalar === f32) return view.getFloat32(4);
  if (scalar === f64) return view.getFloat64(0);
  if (width === 1) return bits === 1n;
  const value = scalar.name.startsWith("i") ? BigInt.asIntN(width, bits) : bits;
  return isBitField ? (width > 53 ? value : Number(value)) : width === 64 ? value : Number(value);
}

function readPath(view: any, path: readonly (string | number)[]): any {
  return path.reduce((part, step) => (typeof step === "number" ? part.at(step) : part[step]), view);
}

function writePath(view: any, path: readonly (string | number)[], value: unknown): void {
  const last = path.at(-1)!;
  const parent = readPath(view, path.slice(0, -1));
  if (typeof last === "number") parent.set(last, value);
  else parent[last] = value;
}

/** All values as a plain object, arrays as arrays. */
function nested(leaves: readonly Leaf[], values: readonly unknown[]): unknown {
  const whole: any = {};
  for (const [index, { path }] of leaves.entries()) {
    let part = whole;
    for (const [depth, step] of path.slice(0, -1).entries())
      part = part[step] ??= typeof path[depth + 1] === "number" ? [] : {};
    part[path.at(-1)!] = values[index];
  }
  return whole;
}

const heap = new Heap();

/** Each way writes all values over the background, and returns the bytes. */
function writtenHere(type: any, { made, background }: Case, bits: readonly Bits[]): Uint8Array[] {
  const values = made.leaves.map((leaf, index) => valueOf(leaf, bits[index]!));
  const context = heap.open("values");
  const address = type.alloc(context);
  const inHeap = context.bytes(address, background.length);
  inHeap.set(background);
  type.fromObject(heap, address, { s: nested(made.leaves, values) });
  const written = [inHeap.slice()];
  inHeap.set(background);
  const cursor = type.cursor(heap, address);
  for (const [index, { path }] of made.leaves.entries()) writePath(cursor.s, path, values[index]);
  written.push(inHeap.slice());
  context.drop();
  const buffer = new Uint8Array(background.length + 1);
  buffer.set(background, 1);
  const view = type.over(buffer, 1);
  for (const [index, { path }] of made.leaves.entries()) writePath(view.s, path, values[index]);
  return [...written, buffer.slice(1)];
}

/** What is read from bytes, aligned and not. */
function readHere(type: any, { made }: Case, bytes: Uint8Array): unknown[][] {
  return [0, 1].map((byteOffset) => {
    const buffer = new Uint8Array(bytes.length + byteOffset);
    buffer.set(bytes, byteOffset);
    const view = type.over(buffer, byteOffset);
    return made.leaves.map(({ path }) => readPath(view.s, path));
  });
}

/** A program that prints the values in the bytes that were written here, and the bytes after writing values itself. */
function source(cases: readonly Case[], ours: readonly Uint8Array[], isBigEndian: boolean): string {
  const pragma = isBigEndian ? "#pragma scalar_storage_order big-endian" : "";
  const functions = cases.map(({ made, background, theirsFirst }, index) => {
    const { leaves, type } = made;
    const reads = leaves.map((leaf) => readInC(leaf));
    const writes = leaves.map((leaf, at) => writeInC(leaf, theirsFirst[at]!));
    return `static void case${index}(void) {
      union { struct ${type.name} s; uint8_t bytes[${type.size}]; } u;
      memcpy(u.bytes, (uint8_t[]){ ${ours[index]!.join()} }, ${type.size});
      ${reads.join("\n")}
      memcpy(u.bytes, (uint8_t[]){ ${background.join()} }, ${type.size});
      ${writes.join("\n")}
      for (int i = 0; i < ${type.size}; i++) put(u.bytes[i]);
    }`;
  });
  return `#include <stdio.h>
    #include <string.h>
    static void put(unsigned long long value) { printf("%llx\\n", value); }
    ${declarations(
      cases.map(({ made }) => made),
      pragma,
    )}
    ${functions.join("\n")}
    int main(void) { ${cases.map((_, index) => `case${index}();`).join(" ")} }`;
}

const floats = new Map<unknown, readonly [type: string, bits: string]>([
  [f32, ["float", "uint32_t"]],
  [f64, ["double", "uint64_t"]],
]);

function readInC({ member, scalar, width }: Leaf): string {
  const float = floats.get(scalar);
  if (float !== undefined)
    return `{ ${float[0]} value = u.s${member}; ${float[1]} bits; memcpy(&bits, &value, sizeof bits); put(bits); }`;
  return `put((unsigned long long) u.s${member} & ${2n ** BigInt(width) - 1n}ull);`;
}

function writeInC({ member, scalar }: Leaf, value: Bits): string {
  const float = floats.get(scalar);
  if (float !== undefined)
    return `{ ${float[1]} bits = ${value}ull; ${float[0]} value; memcpy(&value, &bits, sizeof bits); u.s${member} = value; }`;
  const cast = scalar === bool ? "" : "(int64_t) ";
  return `u.s${member} = ${cast}${value}ull;`;
}

/** Everything that is not as it should be, and how many values and bytes were compared. */
function compare(
  structs: readonly RandomStruct[],
  random: Random,
  compiler: Compiler,
  isBigEndian: boolean,
): { readonly mismatches: string[]; readonly facts: number } {
  const cases = structs.map((made) => makeCase(random, made));
  const types = cases.map(({ made }) => {
    const inner: FieldType = made.type;
    return struct("Around", { s: isBigEndian ? be(inner) : inner }, { abi: made.type.abi });
  });
  const ours = cases.map((one, index) => writtenHere(types[index], one, one.oursFirst));
  const text = run(
    source(
      cases,
      ours.map(([bytes]) => bytes!),
      isBigEndian,
    ),
    compiler,
  );
  const numbers = text.trimEnd().split("\n");
  const mismatches: string[] = [];
  let facts = 0;
  let at = 0;
  for (const [index, one] of cases.entries()) {
    const { leaves, type } = one.made;
    const check = (what: string, found: unknown, expected: unknown): void => {
      facts++;
      if (!Object.is(found, expected))
        mismatches.push(`${what}: ${String(found)}, expected ${String(expected)}\n${type.toC()}`);
    };
    for (const bytes of ours[index]!)
      check("bytes written here", bytes.join(), ours[index]![0]!.join());
    for (const [leaf, { member }] of leaves.entries())
      check(`C reads ${member}`, BigInt(`0x${numbers[at++]}`), one.oursFirst[leaf]);
    const theirs = Uint8Array.from({ length: type.size }, () => Number(`0x${numbers[at++]}`));
    for (const bytes of writtenHere(types[index], one, one.theirsFirst))
      check("bytes written by both", bytes.join(), theirs.join());
    for (const values of readHere(types[index], one, theirs))
      for (const [leaf, value] of values.entries())
        check(
          `reads ${leaves[leaf]!.path.join(".")}`,
          value,
          valueOf(leaves[leaf]!, one.theirsFirst[leaf]!),
        );
  }
  return { mismatches, facts };
}

test.each([
  ["little", "gcc"],
  ["big", "gcc"],
  ["little", "clang"],
] as const)(
  "V20, V60, V61 values in %s-endian order are those of C (needs %s)",
  (order, compiler) => {
    if (!canCompile("-m64", compiler)) {
      console.log(`skipped: no ${compiler} here`);
      return;
    }
    const hasBigEndianBits = compiler === "gcc";
    const structs = randomStructs(SEED, STRUCT_COUNT, { abi: "c", hasBigEndianBits });
    const random = new Random(SEED);
    let facts = 0;
    for (let first = 0; first < structs.length; first += BATCH) {
      const batch = structs.slice(first, first + BATCH);
      const compared = compare(batch, random, compiler, order === "big");
      facts += compared.facts;
      expect(compared.mismatches.slice(0, 3)).toEqual([]);
    }
    console.log(
      `${structs.length} structs, ${facts} facts, ${order}-endian by ${compiler}, seed ${SEED}: 0 mismatches`,
    );
  },
  TIMEOUT_MS,
);
