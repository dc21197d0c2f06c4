/** Shaders of both languages, as the compiler of each sees them. */
import { compileGlsl } from "./glslang.js";
import { compileWgsl } from "./naga.js";
import { type PlacedScalar, layoutsOf } from "./spirv-layout.js";
import type { GpuAbi, RandomBlock, RandomShader } from "./random-blocks.js";

/** Where the scalars of each block lie, in the order of their declaration. @throws Error when a compiler refuses the shader */
export function compileShader(
  { source, blocks }: RandomShader,
  abi: GpuAbi,
): (readonly [RandomBlock, readonly PlacedScalar[]])[] {
  const layouts = layoutsOf(abi === "wgsl" ? compileWgsl(source) : compileGlsl(source));
  return blocks.map((block, binding) => {
    const scalars = layouts.get(binding) ?? [];
    const { length } = block.paths;
    if (scalars.length === length) return [block, scalars];
    throw new Error(`${block.type.name} has ${scalars.length} of ${length} scalars in ${source}`);
  });
}
