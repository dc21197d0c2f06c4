import { shippedTraces } from "@perfloc-tooling/traces";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type DemoRun, newFolder, runDemo } from "./run-demo.js";

const folder = newFolder();
afterAll(() => rmSync(folder, { recursive: true }));

/** One line that names the fault, no stack, no report left behind. */
function checkRefusal(run: DemoRun, fault: string): void {
  expect(run).toMatchObject({ status: 1, stdout: "" });
  const lines = run.stderr.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(/^error: /);
  expect(run.stderr).toContain(fault);
  expect(run.stderr).not.toMatch(/^\s+at /m);
  expect(lines.filter((line) => line.startsWith("error"))).toHaveLength(1);
  const reports = readdirSync(folder).filter((name) => /html|draft/.test(name));
  expect(reports).toEqual([]);
}

function fileWith(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

describe("what the command line says", () => {
  test.each(["--help", "-h"])("%s prints the options", (word) => {
    const run = runDemo(folder, word);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toContain("--trace FILE");
  });

  test("--help lists the shipped traces", () => {
    const { stdout } = runDemo(folder, "--help");
    for (const { name } of shippedTraces) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  test("the -- that pnpm hands on is not an argument", () => {
    expect(runDemo(folder, "--", "--help").status).toBe(0);
  });

  test("--version names the package and Node", () => {
    const run = runDemo(folder, "--version");
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toMatch(/^@perfloc\/context \d+\.\d+\.\d+, Node \d+/);
  });

  test.each([["--nope"], ["stray"], ["--trace"], ["--trace", "--quick"]])(
    "%s %s is refused with a hint",
    (...words) => checkRefusal(runDemo(folder, ...words), "Try --help."),
  );
});

describe("traces that are none", () => {
  const zipped = readFileSync(shippedTraces.find(({ name }) => name === "gitlog")!.url);
  const garbage = Uint8Array.from({ length: 4096 }, (_, index) => (index * 167 + 129) & 0xff);

  test("a missing file", () => {
    const run = runDemo(folder, "--trace", "none.rep");
    checkRefusal(run, "error: none.rep: no such file, and no shipped trace. Try --help.");
  });

  test("a folder", () => {
    checkRefusal(runDemo(folder, "--trace", "."), "error: .: a folder, not a trace.");
  });

  test.each([
    ["empty.rep", "", "found an empty file"],
    ["garbage.mct", garbage, "garbage.mct:1"],
    ["cut.rep.gz", zipped.subarray(0, zipped.length >> 1), "a whole gzip stream"],
    ["short.mct", "# contexts 1 objects 1 ops 2 peak_live_bytes 8\nc 1 0 allocset a\n", "2 ops"],
    ["text.txt", "hello\n", "text.txt:1"],
  ])("%s", (name, content, fault) => {
    checkRefusal(runDemo(folder, "--trace", fileWith(name, content)), fault);
  });

  test("a file goes before the shipped trace of its name", () => {
    checkRefusal(runDemo(folder, "--trace", fileWith("jq", "hello\n")), "jq:1");
  });

  test("an object that no heap can hold", () => {
    const file = fileWith("huge.rep", "2000000000\n1\n1\n1\na 0 2000000000\n");
    checkRefusal(runDemo(folder, "--trace", file), "PERFLOC_CONTEXT_INVALID_SIZE");
  });
});

describe("reports that cannot be written", () => {
  test("the folder does not exist", () => {
    const run = runDemo(folder, "--out", join("nowhere", "report"));
    checkRefusal(run, `could not write ${join(folder, "nowhere", "report")}:`);
    expect(run.stderr).toContain(`${join(folder, "nowhere")} does not exist`);
    expect(run.stderr).not.toContain("draft");
  });

  test("a file is in the place of the folder", () => {
    const run = runDemo(folder, "--out", join(fileWith("file", ""), "report"));
    checkRefusal(run, `${join(folder, "file")} is not a folder`);
  });

  test("it is a folder", () => {
    mkdirSync(join(folder, "taken"));
    checkRefusal(runDemo(folder, "--out", "taken"), "it is a folder");
  });
});
