import { expect, test } from "vitest";
import { importCycles, importGraph } from "../src/import-cycles.ts";
import { layers, typescriptFiles, type Layer } from "../src/layers.ts";

function cyclesOf(layer: Layer): string[][] {
  return importCycles(importGraph(typescriptFiles(layer, "src")));
}

function file(path: string, ...imports: string[]): { path: string; text: string } {
  return { path, text: imports.map((line) => `${line}\n`).join("") };
}

test.each(layers)("%s has no import cycle, those of types included", (layer) => {
  expect(cyclesOf(layer)).toEqual([]);
});

test("files that reach each other are one cycle, files that only lead there are not", () => {
  const files = [
    file("src/index.ts", 'export * from "./a.js";'),
    file("src/a.ts", 'import type { B } from "./parts/b.js";', 'import "./leaf.js";'),
    file("src/parts/b.ts", 'import { c } from "../c.js";'),
    file("src/c.ts", 'import { a } from "./a.js";', 'import { d } from "./d.js";'),
    file("src/d.ts", 'import { e } from "./e.js";'),
    file("src/e.ts", 'export { d } from "./d.js";', 'import { leaf } from "./leaf.js";'),
    file("src/leaf.ts", 'import { PAGE_BYTES } from "@perfloc/arena";'),
    file("src/own.ts", 'import { own } from "./own.js";'),
  ];
  expect(importCycles(importGraph(files))).toEqual([
    ["src/a.ts", "src/c.ts", "src/parts/b.ts"],
    ["src/d.ts", "src/e.ts"],
    ["src/own.ts"],
  ]);
});

test("a path that imports share is no cycle", () => {
  const files = [
    file("src/top.ts", 'import "./left.js";', 'import "./right.js";'),
    file("src/left.ts", 'import "./bottom.js";'),
    file("src/right.ts", 'import "./bottom.js";', 'import "./left.js";'),
    file("src/bottom.ts"),
  ];
  expect(importCycles(importGraph(files))).toEqual([]);
});

test("an import of no file is an error: it could hide a cycle", () => {
  expect(() => importGraph([file("src/a.ts", 'import "./lost.js";')])).toThrow(
    "src/a.ts imports ./lost.js, which is no source file",
  );
});
