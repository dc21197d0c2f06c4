import { readFileSync } from "node:fs";
import { Heap, f64, struct, u32 } from "@perfloc/typed";
import { expect, test } from "vitest";

/** The example of the project's README.md, as it stands there. */
function example(console: { log(...values: unknown[]): void }): void {
  // <example>
  const Account = struct("Account", { id: u32, balance: f64 });

  using heap = new Heap();
  {
    using request = heap.open("request"); // a scope
    const accounts = Account.array(request, 1000); // 16,000 bytes; no object for an account
    for (const account of accounts) account.balance += 10;
    console.log(accounts.at(7).balance, accounts.length * Account.size); // 10 16000
  } // everything allocated in the scope is gone
  for (const chunk of heap.arena.chunks) {
    if (chunk.usedBytes === 0) heap.arena.releaseChunk(chunk.index); // and with the OS again
  }
  // </example>
}

const LINES = 15;

test("the first example of the project's README shows a scope and a struct in few lines, and prints what it says", () => {
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  const shown = readme.split("```ts\n")[1]!.split("```")[0]!;
  const source = readFileSync(new URL(import.meta.url), "utf8");
  const code = source.split("// <example>\n")[1]!.split("  // </example>")[0]!;
  const imports = `import { Heap, f64, struct, u32 } from "@perfloc/typed";\n\n`;
  expect(shown).toBe(imports + code.replaceAll(/^ {2}/gm, ""));
  expect(shown.trimEnd().split("\n").length).toBeLessThanOrEqual(LINES);
  const printed: unknown[] = [];
  example({ log: (...values) => printed.push(...values) });
  expect(printed).toEqual([10, 16_000]);
});
