/** Compiles the allocator of AssemblyScript's runtime to WebAssembly. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const COMPILER = require.resolve("assemblyscript/bin/asc.js");

const SOURCE = `
export function malloc(bytes: usize): usize { return heap.alloc(bytes); }
export function free(address: usize): void { heap.free(address); }
`;

/** Pages of 64 KiB: 32 MiB, enough for the largest row, whose objects take 13 MiB. */
const INITIAL_PAGES = 512;

/** The runtime without a garbage collector, as fast as its compiler makes it. */
const FLAGS = ["-O3", "--noAssert", "--runtime", "minimal", "--initialMemory", `${INITIAL_PAGES}`];

/** @returns the path of the module, in the folder */
export function compileTlsfModule(folder: string): string {
  const source = join(folder, "tlsf.ts");
  const path = join(folder, "tlsf.wasm");
  writeFileSync(source, SOURCE);
  // The compiler knows a source by its path from where it runs.
  const args = [COMPILER, "tlsf.ts", ...FLAGS, "--outFile", "tlsf.wasm"];
  execFileSync(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return path;
}
