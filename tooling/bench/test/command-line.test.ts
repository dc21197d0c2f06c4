/** The built command. No figure is looked at: what they are is the machine's affair. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "perfloc-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
});

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command in `folder`, where its scratch files go too. */
function runBench(words: readonly string[], extraEnv: NodeJS.ProcessEnv = {}): Run {
  const { INIT_CWD: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { ...env, TMPDIR: folder, ...extraEnv },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test.each([[["--help"]], [["-h"]], [["--", "--help"]]])("%j prints options and rows", (words) => {
  const run = runBench(words);
  expect(run).toMatchObject({ status: 0, stderr: "" });
  expect(run.stdout).toContain("--only ROW");
  expect(run.stdout).toMatch(/^ {2}sqlite /m);
});

test.each([
  [["--only", "nope"], "Unknown row 'nope': there are postgres, "],
  [["--nope"], "Unknown option '--nope'"],
  [["stray"], "Unexpected argument 'stray'"],
  [["--node", "latest"], "Option '--node' takes versions"],
  [["--bun", "1.4,canary"], "not 'canary'"],
  [["--json", join("nowhere", "results.json")], "could not write"],
  [["--markdown", join("nowhere", "RESULTS.md")], "could not write"],
  [["--chart", join("nowhere", "results.html")], "could not write"],
])("%j is refused in one line", (words, fault) => {
  const run = runBench(words);
  expect(run).toMatchObject({ status: 1, stdout: "" });
  expect(run.stderr).toContain(fault);
  expect(run.stderr).toMatch(/^error: .+\n$/);
});

test("without a C compiler there are Perfloc's figures, and nothing is left behind but the files asked for", () => {
  const files = ["--json", "r.json", "--markdown", "R.md", "--chart", "r.html"];
  const run = runBench(["--quick", "--detached", "--only", "gitlog", ...files], { PATH: folder });
  expect(run.status).toBe(0);
  expect(run.stderr).toContain("no C compiler");
  expect(run.stdout).toContain("Nothing to compare with.");
  expect(readdirSync(folder).toSorted()).toEqual(["R.md", "r.html", "r.json"]);
  const results = JSON.parse(readFileSync(join(folder, "r.json"), "utf8")) as object;
  const label = `Node ${process.versions.node}`;
  expect(results).toMatchObject({
    command: `pnpm bench --quick --only gitlog --detached ${files.join(" ")}`,
    machine: { node: process.versions.node },
    rounds: 3,
    results: [
      {
        name: "gitlog",
        operations: 9222,
        perfloc: [
          { label, isAfterDetach: false },
          { label: `${label}, after a detach`, isAfterDetach: true },
        ],
        peers: [],
        comparisons: [],
        loops: [{ label: `loop, ${label}` }],
      },
    ],
    memory: [{ name: "gitlog", perfloc: { liveBytes: 1_062_026 } }],
    failures: [],
  });
  expect(readFileSync(join(folder, "R.md"), "utf8")).toMatch(/^# Benchmarks: all figures\n/);
  expect(readFileSync(join(folder, "r.html"), "utf8")).toMatch(/^<!doctype html>/);
});
