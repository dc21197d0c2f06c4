/** The built command. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "perfloc-trim-lab-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function runLab(...words: string[]) {
  // Without what a package manager that runs these tests says about its own folder.
  const { INIT_CWD: _, ...env } = process.env;
  return spawnSync(process.execPath, [MAIN, ...words], { cwd: folder, env, encoding: "utf8" });
}

test.each([[["--help"]], [["-h"]], [["--", "--help"]]])("%j prints options and shapes", (words) => {
  const run = runLab(...words);
  expect(run).toMatchObject({ status: 0, stderr: "" });
  expect(run.stdout).toContain("--only SHAPE");
  expect(run.stdout).toMatch(/^ {2}burst-idle /m);
});

test.each([
  [["--only", "nope"], "Unknown shape 'nope': there are sawtooth-0.2, "],
  [["--nope"], "Unknown option '--nope'"],
  [["stray"], "Unexpected argument 'stray'"],
  [["--watch", "never"], "takes ticks, trimmer, not 'never'"],
  [["--json", join("nowhere", "lab.json")], "could not write"],
  [["--html", join("nowhere", "lab.html")], "could not write"],
])("%j is refused in one line", (words, fault) => {
  const run = runLab(...words);
  expect(run).toMatchObject({ status: 1, stdout: "" });
  expect(run.stderr).toContain(fault);
  expect(run.stderr).toMatch(/^error: .+\n$/);
});

test("one shape, quickly: tables, figures and a page that loads nothing", () => {
  const files = ["--json", "lab.json", "--html", "lab.html"];
  const run = runLab("--quick", "--only", "burst-idle", ...files);
  expect(run.status).toBe(0);
  expect(run.stdout).toMatch(/burst-idle .* 12\.00 .* 1\.00 /);
  expect(run.stdout).not.toContain("NaN");
  expect(readdirSync(folder).toSorted()).toEqual(["lab.html", "lab.json"]);

  const json = JSON.parse(readFileSync(join(folder, "lab.json"), "utf8")) as {
    command: string;
    scales: { shapes: { name: string; scores: { policy: string; ratio: number }[] }[] }[];
  };
  expect(json.command).toBe(
    "pnpm trim-lab --quick --only burst-idle --json lab.json --html lab.html",
  );
  expect(json.scales).toHaveLength(1);
  const [shape] = json.scales[0]!.shapes;
  expect(shape!.name).toBe("burst-idle");
  expect(shape!.scores[0]).toMatchObject({ policy: "keepAll", ratio: 12 });

  const page = readFileSync(join(folder, "lab.html"), "utf8");
  expect(page).toContain("burst-idle");
  expect(page).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)="(?!data:)/);
  const scripts = [...page.matchAll(/<script[^>]*>/g)];
  expect(scripts).toHaveLength(2);
});
