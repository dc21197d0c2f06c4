/** Compiles the allocators of AssemblyScript's runtimes to WebAssembly. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const COMPILER = require.resolve("assemblyscript/bin/asc.js");

/** `minimal` is a TLSF, `stub` bumps an address and starts anew at a reset. */
export type AssemblyScriptRuntime = "minimal" | "stub";

const ALLOC = "export function malloc(bytes: usize): usize { return heap.alloc(bytes); }";

const SOURCES: Record<AssemblyScriptRuntime, string> = {
  minimal: `${ALLOC}\nexport function free(address: usize): void { heap.free(address); }`,
  stub: `${ALLOC}\nexport function reset(): void { heap.reset(); }`,
};

/** Pages of 64 KiB: 32 MiB, enough for the largest row, whose objects take 13 MiB. */
const INITIAL_PAGES = 512;

/** As fast as its compiler makes it. */
const FLAGS = ["-O3", "--noAssert", "--initialMemory", `${INITIAL_PAGES}`];

/** @returns the path of the module, in the folder */
export function compileAssemblyScript(folder: string, runtime: AssemblyScriptRuntime): string {
  const source = `${runtime}.ts`;
  const module = `${runtime}.wasm`;
  writeFileSync(join(folder, source), SOURCES[runtime]);
  // The compiler knows a source by its path from where it runs.
  const args = [COMPILER, source, ...FLAGS, "--runtime", runtime, "--outFile", module];
  execFileSync(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return join(folder, module);
}
