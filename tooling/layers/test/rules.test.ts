import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { layers, packagesFolder, typescriptFiles, type Layer } from "../src/layers.ts";
import { citedRules, definedRules } from "../src/rules.ts";
import { testTitles } from "../src/source-text.ts";

/** Packages whose SPEC.md is not written yet. Do not add to it. */
const withoutSpec: ReadonlySet<Layer> = new Set();

function rulesOf(layer: Layer): string[] {
  const path = join(packagesFolder, layer, "SPEC.md");
  return existsSync(path) ? definedRules(readFileSync(path, "utf8")) : [];
}

function citationsOf(layer: Layer): { path: string; rule: string }[] {
  return typescriptFiles(layer, "test").flatMap(({ path, text }) =>
    testTitles(text)
      .flatMap(citedRules)
      .map((rule) => ({ path, rule })),
  );
}

test.each(layers)("%s has numbered rules, each number once", (layer) => {
  const rules = rulesOf(layer);
  expect(rules.length).toBeGreaterThanOrEqual(withoutSpec.has(layer) ? 0 : 1);
  expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
});

test.each(layers)("%s has a test for every rule", (layer) => {
  const cited = new Set(citationsOf(layer).map(({ rule }) => rule));
  expect(rulesOf(layer).filter((rule) => !cited.has(rule))).toEqual([]);
});

test.each(layers)("%s cites only rules that its SPEC.md has", (layer) => {
  const rules = new Set(rulesOf(layer));
  const unknown = citationsOf(layer).filter(({ rule }) => !rules.has(rule));
  expect(unknown.map(({ path, rule }) => `${path} cites ${rule}`)).toEqual([]);
});
