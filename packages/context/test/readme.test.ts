import { readFileSync } from "node:fs";
import { Heap } from "@perfloc/context";
import { expect, test, vi } from "vitest";

/** The README's example, after its import. */
function example(): void {
  using heap = new Heap();
  const server = heap.open("server");
  for (const name of ["ada", "grace"]) {
    using request = server.open("request", { kind: "bump" });
    const address = request.alloc(name.length);
    new TextEncoder().encodeInto(name, request.bytes(address, name.length));
    console.log(heap.stats().usedBytes); // 4096, both times: the page of the first request serves the second
  } // every object of the request is gone here
}

/** Lines of code without indentation and comments. */
function codeLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/\/\/.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("import "));
}

test("C4 the README's example runs and says what the README says", () => {
  const printed: unknown[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((value: unknown) => {
    printed.push(value);
  });
  example();
  log.mockRestore();
  expect(printed).toEqual([4096, 4096]);
});

test("C4 the README's example is the code of this test", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, inReadme = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const source = readFileSync(new URL(import.meta.url), "utf8");
  const [, inTest = ""] = /function example\(\): void \{\n([\s\S]*?)\n\}\n/.exec(source) ?? [];
  expect(codeLines(inReadme)).toEqual(codeLines(inTest));
  expect(codeLines(inReadme).length).toBeLessThanOrEqual(10);
});
