/**
 * naga 25, the compiler of WGSL that Firefox and wgpu use, in WebAssembly. Only tests use it. The package is made for bundlers, so that
 * its WebAssembly is loaded here.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as transpiler from "wgsl-wasm-transpiler-bundler";

/** As much of WebAssembly as is used: the compiler has its types from browsers only. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: object } }>;
};

/** What wasm-bindgen makes beside the WebAssembly; it has no types of its own. */
interface Glue {
  readonly compileShader: typeof transpiler.compileShader;
  __wbg_set_wasm(exports: object): void;
}

const glueFile: string = "wgsl-wasm-transpiler-bundler/wgsl_wasm_transpiler_bg.js";
const glue = (await import(glueFile)) as Glue;

const wasm = createRequire(import.meta.url).resolve(glueFile.replace(/js$/, "wasm"));
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), {
  "./wgsl_wasm_transpiler_bg.js": { ...glue },
});
/* oxlint-disable no-underscore-dangle -- names of wasm-bindgen */
glue.__wbg_set_wasm(instance.exports);
(instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
/* oxlint-enable no-underscore-dangle */

/** The words of a compute shader in SPIR-V. @throws Error when the compiler refuses the source */
export function compileWgsl(source: string): Uint32Array {
  const bytes = Uint8Array.from(atob(glue.compileShader(source, "spirv")), (char) =>
    char.charCodeAt(0),
  );
  return new Uint32Array(bytes.buffer);
}
