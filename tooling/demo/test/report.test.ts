import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DemoRun, newFolder, runDemo } from "./run-demo.js";

const folder = newFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const NAME = "</script><b>&";

const CONTEXT_TRACE = `# contexts 2 objects 3 ops 8 peak_live_bytes 10100
c 1 0 allocset ${NAME}
c 2 1 bump child
a 2 0 100
a 1 1 10000
f 1
a 2 2 0
R 2
D 1
`;

const MALLOC_TRACE = `5000
2
5
1
a 0 1000
r 0 3000
a 1 2000
f 0
f 1
`;

/** Whatever an element or a style could load: all of it must be in the file. */
const LOADS =
  /(?:\b(?:src|href|action|data|poster)\s*=\s*["']?|url\(\s*["']?|@import\s+["']?)(?:https?:)?\/\//i;

test("a shipped trace is replayed by its name", () => {
  const run = runDemo(folder, "--quick", "--trace", "gitlog", "--out", "gitlog.html");
  expect(run).toMatchObject({ status: 0 });
  expect(run.stdout).toContain("Replay of gitlog");
});

describe.each([
  ["tiny.mct", CONTEXT_TRACE, 8],
  ["tiny.rep", MALLOC_TRACE, 5],
])("%s", (file, text, operations) => {
  let run: DemoRun;
  beforeAll(() => {
    writeFileSync(join(folder, file), text);
    run = runDemo(folder, "--quick", "--trace", file, "--out", `${file}.html`);
  });

  test("is replayed without a corrupt object", () => {
    expect(run).toMatchObject({ status: 0 });
    expect(run.stdout).toMatch(new RegExp(`^ +operations +${operations} `, "m"));
    expect(run.stdout).toMatch(/^ +contents checked .* 0 corrupt$/m);
    expect(run.stdout).toContain(`Report: ${join(folder, `${file}.html`)}`);
  });

  test("keeps typed rows, whose queries leave nothing behind", () => {
    expect(run.stdout).toMatch(/^ +queries +1,000 +0 wrong answers$/m);
    expect(run.stdout).toMatch(/^ +of plain objects +[\d.]+ ns /m);
    const [, table] = /^ +table +(\S+ \S+) /m.exec(run.stdout)!;
    expect(run.stdout).toMatch(new RegExp(`^ +used after +${table} `, "m"));
    expect(run.stdout).toContain("owner: 'Owner 1'");
    expect(run.stdout).toContain("struct Account: 56 bytes");
    expect(readFileSync(join(folder, `${file}.html`), "utf8")).toContain(
      "struct Account: 56 bytes",
    );
  });

  test("prints plain lines where there is no terminal", () => {
    expect(run.stderr).not.toContain("\r");
    expect(run.stderr).not.toContain("\u001B");
    expect(run.stderr.split("\n").length).toBeLessThan(20);
  });

  test("gives one whole report that loads nothing", () => {
    const html = readFileSync(join(folder, `${file}.html`), "utf8");
    expect(html).toMatch(/^<!doctype html>/);
    expect(html.trimEnd()).toMatch(/<\/html>$/);
    expect(html).not.toMatch(LOADS);
    expect(html).not.toContain("<b>&<");
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(readdirSync(folder).filter((name) => name.includes("draft"))).toEqual([]);
  });

  test("hands the charts columns of equal length", () => {
    const html = readFileSync(join(folder, `${file}.html`), "utf8");
    const json = /id="chart-data">(.*?)<\/script>/s.exec(html)![1]!;
    const { replay, burst, burstMap } = JSON.parse(json);
    for (const timeline of [replay, burst]) {
      const lengths = Object.values(timeline).map((column) => (column as number[]).length);
      expect(new Set(lengths).size).toBe(1);
    }
    expect(Math.max(...burst.heldBytes)).toBeGreaterThan(60 * 1024 ** 2);
    expect(burst.heldBytes.at(-1)).toBeLessThan(8 * 1024 ** 2);
    expect(burstMap.chunks.length).toBeGreaterThan(5);
  });
});
