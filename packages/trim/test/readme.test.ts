import { readFileSync } from "node:fs";
import { Heap, Trimmer, retain } from "@perfloc/trim";
import { expect, test } from "vitest";

/** The example of README.md, as it stands there. */
function example(console: { log(...values: unknown[]): void }): number {
  // <example>
  const heap = new Heap();
  const trimmer = new Trimmer(heap, retain({ bytes: 256 * 1024 }));

  const burst = heap.open("burst");
  for (let count = 0; count < 10_000; count++) burst.alloc(1024);
  burst.drop();

  for (const { chunkIndex, action, reason } of trimmer.plan().actions) {
    console.log(chunkIndex, action, reason);
  }
  const { releasedBytes } = trimmer.trim();
  // </example>
  return releasedBytes;
}

test("the example of the README runs", () => {
  const lines: unknown[][] = [];
  const releasedBytes = example({ log: (...values) => lines.push(values) });
  expect(releasedBytes).toBeGreaterThan(8 * 1024 * 1024);
  expect(lines.filter(([, action]) => action === "release").length).toBeGreaterThan(3);
});

test("the example of the README is the code above", () => {
  const source = readFileSync(new URL(import.meta.url), "utf8");
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const code = source.split("// <example>\n")[1]?.split("  // </example>")[0];
  const shown = readme.split("```ts\n")[1]?.split("```")[0];
  expect(shown).toBe(
    `import { Heap, Trimmer, retain } from "@perfloc/trim";\n\n${code?.replaceAll(/^ {2}/gm, "")}`,
  );
});
