import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

export interface DemoRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command in `folder`, as `pnpm demo` would from there. */
export function runDemo(folder: string, ...words: string[]): DemoRun {
  const run = spawnSync(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: environment(),
    encoding: "utf8",
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** The same, not waited for. */
export function startDemo(folder: string, ...words: string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...words], { cwd: folder, env: environment() });
}

/** Without what a package manager that runs these tests says about its own folder. */
function environment(): NodeJS.ProcessEnv {
  const { INIT_CWD: _, ...env } = process.env;
  return env;
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "perfloc-demo-"));
}
