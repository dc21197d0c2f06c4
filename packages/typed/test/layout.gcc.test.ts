/**
 * Layouts against gcc and clang: size, alignment, offsets and bit positions of many random structs, for x86-64, i386 and wasm32.
 *
 * Nothing is run: the compiler puts what it knows into a section of an object file, which is read from there. Positions of
 * bit fields come from constants, too: a struct whose one bit field is all ones.
 */
import { expect, test } from "vitest";
import { type Compiler, canCompile, factsOf } from "./support/c-compiler.js";
import { declarations } from "./support/c-structs.js";
import { type RandomStruct, randomStructs } from "./support/random-layouts.js";

/** 1,000 as it is; PERFLOC_STRUCTS=10000 for a long run, PERFLOC_SEED for another one. */
const STRUCT_COUNT = Number(process.env["PERFLOC_STRUCTS"] ?? 1000);
const SEED = Number(process.env["PERFLOC_SEED"] ?? Date.now() % 2 ** 32);
const BATCH = 500;

/** What the layout says, as numbers: size, alignment, offsets, and the position and width of each bit field. */
function ours({ type, offsets, bits }: RandomStruct): number[] {
  const positions = bits.flatMap(({ path, width }) => [bitOffsetOf(type, path), width]);
  return [type.size, type.align, ...offsets.map((name) => type.offsetOf(name)), ...positions];
}

function bitOffsetOf(type: RandomStruct["type"], path: string): number {
  const [group, field] = path.split(".");
  const table: string = type.layout();
  const row = table.split("\n").find((line) => line.includes(`  ${group}.${field} (bits `))!;
  return Number(/^ *(\d+)/.exec(row)![1]) * 8 + Number(/\(bits (\d+)/.exec(row)![1]);
}

/** Each struct's facts, and the bytes of a struct for each bit field with all its bits set. */
function source(structs: readonly RandomStruct[]): string {
  const members = structs.flatMap(({ type, offsets, bits }, index) => {
    const name = `struct ${type.name}`;
    const numbers = [`sizeof(${name})`, `_Alignof(${name})`];
    for (const offset of offsets) numbers.push(`offsetof(${name}, ${offset})`);
    return [
      { type: `uint32_t n${index}[${numbers.length}]`, value: `{ ${numbers.join(", ")} }` },
      ...bits.map(({ member }, bit) => ({
        type: `union { ${name} s; uint8_t bytes[sizeof(${name})]; } b${index}_${bit}`,
        value: `{ .s = { .${member} = -1 } }`,
      })),
    ];
  });
  return [
    declarations(structs),
    // Packed, and its length first, so that the bytes can be walked without knowing any alignment.
    `struct facts { ${members.map(({ type }) => `${type};`).join("\n")} } __attribute__((packed));`,
    `__attribute__((section(".facts"))) struct facts facts = { ${members.map(({ value }) => value).join(",\n")} };`,
  ].join("\n");
}

/** What the compiler says, in the order of `ours`. */
function theirs(structs: readonly RandomStruct[], target: string, compiler: Compiler): number[][] {
  const facts = factsOf(source(structs), target, compiler);
  let at = 0;
  const next = (): number => facts.getUint32((at += 4) - 4, true);
  return structs.map(({ offsets, bits }) => {
    const numbers = [next(), next(), ...offsets.map(next)];
    for (let bit = 0; bit < bits.length; bit++) {
      const size = numbers[0]!;
      numbers.push(...rangeOfOnes(new Uint8Array(facts.buffer, facts.byteOffset + at, size)));
      at += size;
    }
    return numbers;
  });
}

/** Position and number of the bits that are set. */
function rangeOfOnes(bytes: Uint8Array): [number, number] {
  const set = Array.from({ length: bytes.length * 8 }, (_, bit) => bit).filter(
    (bit) => (bytes[bit >>> 3]! >>> (bit & 7)) & 1,
  );
  return [set[0] ?? -1, set.length];
}

test.each([
  ["c", "-m64", "gcc"],
  ["c", "-m64", "clang"],
  ["i386", "-m32", "gcc"],
  ["i386", "-m32", "clang"],
  ["wasm32", "--target=wasm32", "clang"],
] as const)(
  "V1, V60 abi %s: layouts are those of C with %s (needs %s)",
  (abi, target, compiler) => {
    if (!canCompile(target, compiler)) {
      console.log(`skipped: no ${compiler} for ${abi} here`);
      return;
    }
    const structs = randomStructs(SEED, STRUCT_COUNT, { abi, hasBigEndianBits: true });
    let facts = 0;
    for (let first = 0; first < structs.length; first += BATCH) {
      const batch = structs.slice(first, first + BATCH);
      const mismatches = theirs(batch, target, compiler).flatMap((numbers, index) => {
        const { type } = batch[index]!;
        const expected = ours(batch[index]!);
        facts += numbers.length;
        const isSame = numbers.join() === expected.join();
        return isSame
          ? []
          : [{ theirs: numbers.join(), ours: expected.join(), source: type.toC() }];
      });
      expect(mismatches.slice(0, 3), `seed ${SEED}`).toEqual([]);
    }
    console.log(`${structs.length} structs, ${facts} facts of ${abi} by ${compiler}, seed ${SEED}`);
  },
);
