import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { expect, test } from "vitest";
import { layers, packageBelow, packagesFolder, typescriptFiles } from "../src/layers.ts";
import { importedModules, withoutComments } from "../src/source-text.ts";

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

/** `resizeTo`-like members of ArrayBuffer that Node 20 lacks: one file may test for them. */
const transferFile = { layer: "arena", path: "src/sources/array-buffer-source.ts" };

test("every package has a layer", () => {
  const folders = readdirSync(packagesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  expect(folders.toSorted()).toEqual(layers.toSorted());
});

test.each(layers)("%s depends on exactly the layer below", (layer) => {
  const path = join(packagesFolder, layer, "package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  const below = packageBelow(layer);
  expect(manifest.dependencies ?? {}).toEqual(
    below === undefined ? {} : { [below]: "workspace:^" },
  );
  expect(manifest.peerDependencies).toBeUndefined();
  expect(manifest.optionalDependencies).toBeUndefined();
});

test.each(layers)("%s imports only its own files and the layer below", (layer) => {
  const below = packageBelow(layer);
  const isAllowed = (from: string, module: string): boolean =>
    module.startsWith(".")
      ? posix.join(dirname(from), module).startsWith("src/")
      : below !== undefined && (module === below || module === `${below}/internal`);
  const strangers = typescriptFiles(layer, "src").flatMap(({ path, text }) =>
    importedModules(text)
      .filter((module) => !isAllowed(path, module))
      .map((module) => `${path} imports ${module}`),
  );
  expect(strangers).toEqual([]);
});

test.each(layers)("%s has no `using` in its sources", (layer) => {
  // It is compiled to a helper, a stack array and a try block per call: too dear for an allocator.
  const users = typescriptFiles(layer, "src").filter(({ text }) =>
    /^\s*(?:await )?using \w+\s*=/m.test(withoutComments(text)),
  );
  expect(users.map(({ path }) => path)).toEqual([]);
});

test.each(layers)("%s leaves ArrayBuffer.prototype.transfer to one file", (layer) => {
  // The compiler knows it, Node 20 does not.
  const users = typescriptFiles(layer, "src").filter(
    ({ path, text }) =>
      !(layer === transferFile.layer && path === transferFile.path) &&
      /\.transfer(?:ToFixedLength)?\??\.?\(/.test(withoutComments(text)),
  );
  expect(users.map(({ path }) => path)).toEqual([]);
});
