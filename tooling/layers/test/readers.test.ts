import { expect, test } from "vitest";
import { citedRules, definedRules } from "../src/rules.ts";
import { importedModules, linesBesideComments, testTitles } from "../src/source-text.ts";

test("imports are found, those in comments are not", () => {
  const source = `
/**
 * import { no } from "in-a-comment";
 */
import { a } from "plain";
import type { b } from "type-only";
import {
  c,
} from "over-lines";
import "side-effect";
export * from "re-export";
// import { d } from "commented-out";
const late = await import("dynamic");
`;
  expect(importedModules(source).toSorted()).toEqual(
    ["plain", "type-only", "over-lines", "side-effect", "re-export", "dynamic"].toSorted(),
  );
});

test("titles of tests are found, those of skipped tests are not", () => {
  const source = `
test("plain", () => {});
it.concurrent('chained', () => {});
describe(\`template\`, () => {});
test.each([f(1), 2])("curried", () => {});
test(
  "on its own line",
  () => {},
);
test.skip("skipped", () => {});
test.todo("to do");
// test("commented out", () => {});
expect("not a title").toBe(1);
`;
  expect(testTitles(source)).toEqual([
    "plain",
    "chained",
    "template",
    "curried",
    "on its own line",
  ]);
});

test("lines are counted, those of comments are not", () => {
  const source = `/** Of the file. */
import { a } from "a"; // beside code

/**
 * Over
 *
 * lines.
 */
export function f(): void {
  // alone
  /* in the code */ a();
}
`;
  expect(linesBesideComments(source)).toBe(5);
  expect(linesBesideComments("")).toBe(0);
});

test("rules are defined by headings, list items, table rows and paragraphs", () => {
  const spec = `
# Rules of A9
### A1 Reserve
- **A2** text that mentions A1 and **A1**
1. **A3 Release.** text
| **A4** | text |
**A5** text
`;
  expect(definedRules(spec)).toEqual(["A1", "A2", "A3", "A4", "A5"]);
});

test("a title cites the rules it starts with", () => {
  expect(citedRules("A1 reserves")).toEqual(["A1"]);
  expect(citedRules("A1, A2/A3: reserves and releases")).toEqual(["A1", "A2", "A3"]);
  expect(citedRules("reserves as A1 says")).toEqual([]);
  expect(citedRules("u32 fields")).toEqual([]);
});
