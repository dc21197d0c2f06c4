/**
 * What the tests need to know about a source file, read by pattern and not by a parser: the
 * compiler of this repository has no JavaScript API. Formatting is fixed by oxfmt, so the patterns
 * meet one spelling of each construct.
 */

/** Blanks out block comments and whole-line comments: examples in docs are not imports. */
export function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
}

/** Module names of static imports, re-exports, side-effect imports and literal `import()`s. */
export function importedModules(source: string): string[] {
  const code = withoutComments(source);
  const patterns = [
    /^\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\bimport\(\s*["']([^"']+)["']/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ""));
}

/**
 * Titles of the tests and suites in a file, the curried `test.each(...)("title")` included.
 * `skip` and `todo` do not count: a rule they cite is not tested.
 */
export function testTitles(source: string): string[] {
  const call = /(?:\b(?:test|it|describe)((?:\.\w+)*)|[)`])\(\s*(["'`])((?:\\.|(?!\2)[\s\S])*)\2/g;
  return [...withoutComments(source).matchAll(call)]
    .filter((match) => !/\.(?:skip|todo)\b/.test(match[1] ?? ""))
    .map((match) => match[3] ?? "");
}

/** How many lines are more than a comment; blank ones count. */
export function linesBesideComments(source: string): number {
  const code = source
    .replaceAll(/^[ \t]*\/\*[\s\S]*?\*\/[ \t]*\n/gm, "")
    .replaceAll(/^[ \t]*\/\/.*\n/gm, "");
  return code.split("\n").length - 1;
}
