import { posix } from "node:path";
import { expect, test } from "vitest";
import { importGraph } from "../src/import-cycles.ts";
import { type TextFile, typescriptFiles } from "../src/layers.ts";

/** The folders of typed, lowest first; "." is the facade and the entry. ARCHITECTURE.md has the same table. */
const folders = ["layout", "access", "made", "fields", "views", "collections", "."];

/** Files beside the facade that all folders may import: errors, what their messages need, and printing. */
const base = new Set(["src/errors.ts", "src/prints-as.ts", "src/time-of.ts"]);

function heightOf(path: string): number {
  if (base.has(path)) return -1;
  const folder = posix.relative("src", posix.dirname(path)) || ".";
  const height = folders.indexOf(folder);
  if (height < 0) throw new Error(`${path} is in a folder without a place in the order`);
  return height;
}

function upwardImports(files: readonly TextFile[]): string[] {
  return [...importGraph(files)].flatMap(([path, imported]) =>
    imported.filter((to) => heightOf(to) > heightOf(path)).map((to) => `${path} imports ${to}`),
  );
}

test("files of typed import from their own folder and lower ones", () => {
  expect(upwardImports(typescriptFiles("typed", "src"))).toEqual([]);
});

test("an import of a higher folder is found, types included", () => {
  const files = [
    { path: "src/layout/layout.ts", text: 'import type { View } from "../views/view.js";\n' },
    { path: "src/views/view.ts", text: 'import { layOut } from "../layout/layout.js";\n' },
    { path: "src/errors.ts", text: 'import { view } from "./views/view.js";\n' },
  ];
  expect(upwardImports(files)).toEqual([
    "src/layout/layout.ts imports src/views/view.ts",
    "src/errors.ts imports src/views/view.ts",
  ]);
});
