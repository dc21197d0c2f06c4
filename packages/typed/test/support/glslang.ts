/**
 * glslang, the reference compiler of GLSL, in WebAssembly. Only tests use it. Its license is that of glslang (BSD, MIT and
 * Apache 2.0), which the package names and does not contain.
 */
import makeGlslang from "@webgpu/glslang";

interface Glslang {
  compileGLSL(source: string, stage: "compute", hasDebugInfo: boolean): Uint32Array;
}

/**
 * Its declaration speaks of an ES module and of a promise. It is CommonJS, and the compiler is there at once; to await it would
 * never end, since its `then` resolves to itself.
 */
const glslang = (makeGlslang as unknown as () => Glslang)();

/** The words of a compute shader in SPIR-V. @throws Error when the compiler refuses the source */
export function compileGlsl(source: string): Uint32Array {
  return glslang.compileGLSL(source, "compute", false);
}
