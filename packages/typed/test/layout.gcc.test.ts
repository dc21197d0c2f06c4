/** Layouts against the C compiler of this machine: one program prints size, alignment and offsets of many random structs. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ScalarName, type StructFields, struct } from "@perfloc/typed";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { structFields } from "./support/random-structs.js";

const STRUCT_COUNT = 200;

/** The C compiler: `cc`, or what the environment names. */
const compiler = process.env["CC"] ?? "cc";

const cTypes: Record<ScalarName, string> = {
  i8: "int8_t",
  u8: "uint8_t",
  i16: "int16_t",
  u16: "uint16_t",
  i32: "int32_t",
  u32: "uint32_t",
  i64: "int64_t",
  u64: "uint64_t",
  f32: "float",
  f64: "double",
  bool: "bool",
};

/** The rules are those of x86-64; other 64-bit systems share them for scalars, 32-bit ones do not. */
const hasCompiler =
  spawnSync(compiler, ["--version"]).status === 0 && ["x64", "arm64"].includes(process.arch);

function program(structs: readonly StructFields[]): string {
  const declarations = structs.map((fields, index) => {
    const members = Object.entries(fields).map(
      ([name, { name: type }]) => `${cTypes[type]} ${name};`,
    );
    return `struct s${index} { ${members.join(" ")} };`;
  });
  const prints = structs.flatMap((fields, index) => [
    `printf("%zu %zu", sizeof(struct s${index}), _Alignof(struct s${index}));`,
    ...Object.keys(fields).map((name) => `printf(" %zu", offsetof(struct s${index}, ${name}));`),
    `printf("\\n");`,
  ]);
  return [
    "#include <stdbool.h>",
    "#include <stddef.h>",
    "#include <stdint.h>",
    "#include <stdio.h>",
    ...declarations,
    "int main(void) {",
    ...prints,
    "return 0; }",
  ].join("\n");
}

/** What the compiler says: size, alignment and offsets of each struct. */
function compiled(structs: readonly StructFields[]): number[][] {
  const folder = mkdtempSync(join(tmpdir(), "perfloc-layout-"));
  try {
    writeFileSync(join(folder, "layout.c"), program(structs));
    execFileSync(compiler, ["-std=c11", "-o", join(folder, "layout"), join(folder, "layout.c")]);
    const output = execFileSync(join(folder, "layout"), { encoding: "utf8" });
    return output
      .trim()
      .split("\n")
      .map((line) => line.split(" ").map(Number));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.skipIf(!hasCompiler)(
  "V1 layouts are those of the C compiler (needs cc on x64 or arm64)",
  () => {
    const structs = fc.sample(structFields, STRUCT_COUNT);
    const ours = structs.map((fields) => {
      const described = struct("Random", fields);
      const offsets = Object.keys(fields).map((name) => described.offsetOf(name));
      return [described.size, described.align, ...offsets];
    });
    expect(ours).toEqual(compiled(structs));
  },
);
