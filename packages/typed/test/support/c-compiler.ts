/** The C compilers of this machine: whether there is one, and what a program or its constants say. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataOf } from "./wasm-data.js";

/** gcc, or what the environment names; clang, which may be missing. */
export type Compiler = "gcc" | "clang";

const programs: { readonly [Name in Compiler]: string } = {
  gcc: process.env["CC"] ?? "gcc",
  clang: process.env["WASM_CC"] ?? "clang",
};

const objcopy = process.env["OBJCOPY"] ?? "objcopy";

const flags = ["-std=gnu11", "-w", "-Wno-packed-bitfield-compat"];

/** gcc has no WebAssembly. */
const WASM = "--target=wasm32";

function compilerFor(target: string): Compiler {
  return target === WASM ? "clang" : "gcc";
}

/** Whether there is a compiler that makes code for `target`, a flag such as `-m32`. */
export function canCompile(target: string, compiler: Compiler = compilerFor(target)): boolean {
  const args = [target, "-ffreestanding", "-x", "c", "-S", "-o", "-", "-"];
  const input = "#include <stddef.h>\nint x;";
  return spawnSync(programs[compiler], args, { input }).status === 0;
}

function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "perfloc-c-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The text that a program prints. */
export function run(source: string, compiler: Compiler = "gcc"): string {
  return inFolder((folder) => {
    const [file, program] = [join(folder, "program.c"), join(folder, "program")];
    writeFileSync(file, source);
    execFileSync(programs[compiler], [...flags, "-o", program, file]);
    return execFileSync(program, { encoding: "utf8", maxBuffer: 2 ** 28 });
  });
}

/** Compiles without linking. @throws when the compiler refuses it */
export function compile(source: string, target: string = "-m64"): void {
  inFolder((folder) => {
    const file = join(folder, "program.c");
    writeFileSync(file, source);
    const args = [...flags, target, "-ffreestanding", "-c", "-o", `${file}.o`, file];
    execFileSync(programs.gcc, args, { stdio: "pipe" });
  });
}

/** The bytes of the variable `facts` in a source: nothing runs, so that the target needs no library. */
export function factsOf(
  source: string,
  target: string,
  compiler: Compiler = compilerFor(target),
): DataView {
  return inFolder((folder) => {
    const file = join(folder, "facts.c");
    writeFileSync(file, source);
    const object = join(folder, "facts.o");
    const args = [...flags, target, "-ffreestanding", "-c", "-o", object, file];
    execFileSync(programs[compiler], args);
    if (target === WASM) return dataOf(readFileSync(object));
    const bytes = join(folder, "facts.bin");
    execFileSync(objcopy, ["-O", "binary", "--only-section=.facts", object, bytes]);
    return viewOf(bytes);
  });
}

function viewOf(path: string): DataView {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return new DataView(buffer, byteOffset, byteLength);
}
