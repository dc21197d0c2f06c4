/**
 * The command: all tests of the packages on each supported Node; the examples of the READMEs, and what the console prints, on Bun and Deno.
 *
 *   pnpm test:runtimes              everything
 *   pnpm test:runtimes node@22 bun  only these
 *
 * The runtimes come from npm, as packages that are fetched when they are asked for.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeExample } from "./readme-example.mjs";
import { NODES, OTHERS } from "./supported.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const here = fileURLToPath(new URL("..", import.meta.url));
const PACKAGES = ["arena", "context", "trim", "typed"];
const PRINTING = fileURLToPath(new URL("printing.mjs", import.meta.url));
const RUNTIMES = [...NODES, ...OTHERS];

/** Operations against the models: the allocator is the same on each Node, so fewer than in CI. */
const { PERFLOC_MODEL_OPS = "200000" } = process.env;

/** Runs a command of a runtime that npm has; returns whether it succeeded, and prints its output if not. */
function succeeds(runtime, args, cwd) {
  const { status, stdout, stderr } = spawnSync("npx", ["-y", runtime, ...args], {
    cwd,
    env: { ...process.env, PERFLOC_MODEL_OPS },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    shell: process.platform === "win32",
  });
  const summary = /Tests\s+.*/.exec(stdout)?.[0] ?? stdout.trim().split("\n").at(-1);
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${runtime}: ${summary}`);
  if (status !== 0) console.log(`${stdout}\n${stderr}`);
  return status === 0;
}

/** What is run on a runtime. */
function runsOn(runtime) {
  if (runtime.startsWith("node@")) {
    const args = ["node_modules/vitest/vitest.mjs", "run", "--no-color", "--silent"];
    return PACKAGES.map((name) => () => succeeds(runtime, args, join(root, "packages", name)));
  }
  const args = runtime === "deno" ? ["run", "--allow-env"] : ["run"];
  const programs = [...PACKAGES.map((name) => () => writeExample(name)), () => PRINTING];
  return programs.map((path) => () => succeeds(runtime, [...args, path()], here));
}

const wanted = process.argv.slice(2).filter((word) => word !== "--");
const unknown = wanted.find((word) => !RUNTIMES.includes(word));
if (unknown !== undefined) {
  console.error(`error: unknown runtime '${unknown}': there are ${RUNTIMES.join(", ")}`);
  process.exit(2);
}
const runs = (wanted.length > 0 ? wanted : RUNTIMES).flatMap(runsOn);
const failures = runs.filter((run) => !run()).length;
console.log(`${runs.length - failures} of ${runs.length} runs passed`);
process.exit(failures > 0 ? 1 : 0);
