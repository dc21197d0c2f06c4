/**
 * Layouts for GPUs against compilers of their languages: the offset of each scalar of many random structs, down to the elements of
 * vectors, from glslang for std140 and std430, and from naga for WGSL.
 */
import { expect, test } from "vitest";
import { compileShader } from "./support/compile-shader.js";
import { type RandomBlock, randomShader } from "./support/random-blocks.js";
import type { PlacedScalar } from "./support/spirv-layout.js";

/** 800 as it is; PERFLOC_STRUCTS=10000 for a long run, PERFLOC_SEED for another one. */
const BLOCK_COUNT = Number(process.env["PERFLOC_STRUCTS"] ?? 800);
const SEED = Number(process.env["PERFLOC_SEED"] ?? 1);

/** Blocks of one shader, whose structs can contain each other. */
const BATCH = 20;

/** How many of each shape there are at least, so that nothing is left out unseen. */
const LEAST = 50;
const shapes = [
  "array",
  "array of arrays",
  "array of vec3",
  "mat",
  "struct",
  "vec2",
  "vec3",
  "vec4",
  "bits",
  "masked",
];
const glslShapes = [...shapes, "bool", "double", "float16_t", "int64_t", "uint8_t"];

/** Where a block differs; `undefined` where it does not. */
function differenceOf(
  { type, paths }: RandomBlock,
  scalars: readonly PlacedScalar[],
): string | undefined {
  const different = paths.findIndex(
    (path, index) => type.offsetOf(path) !== scalars[index]!.byteOffset,
  );
  if (different < 0) return undefined;
  const path = paths[different]!;
  return `${type.name}.${path}: ours ${type.offsetOf(path)}, theirs ${scalars[different]!.byteOffset}`;
}

test.each([
  ["std140", "glslang", glslShapes],
  ["std430", "glslang", glslShapes],
  ["wgsl", "naga", [...shapes, "aligned", "f16"]],
] as const)("V70 abi %s: layouts are those of %s", (abi, compiler, expectedShapes) => {
  const tally = new Map<string, number>();
  let blockCount = 0;
  let scalarCount = 0;
  for (let seed = SEED * 100_000; blockCount < BLOCK_COUNT; seed++) {
    const shader = randomShader(seed, BATCH, abi);
    for (const [block, scalars] of compileShader(shader, abi)) {
      const difference = differenceOf(block, scalars);
      expect(
        difference,
        `seed ${SEED}: ${shader.source}
${block.type.layout()}`,
      ).toBeUndefined();
      scalarCount += scalars.length;
    }
    blockCount += shader.blocks.length;
    for (const [shape, count] of shader.tally) tally.set(shape, (tally.get(shape) ?? 0) + count);
  }
  expect(blockCount).toBeGreaterThanOrEqual(BLOCK_COUNT);
  if (BLOCK_COUNT >= 800)
    expect(expectedShapes.filter((shape) => (tally.get(shape) ?? 0) < LEAST)).toEqual([]);
  console.log(
    `${blockCount} blocks, ${scalarCount} scalars of ${abi} as ${compiler} has them, seed ${SEED}`,
  );
});
