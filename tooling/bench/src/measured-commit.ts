import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const PACKAGES = fileURLToPath(new URL("../../../packages", import.meta.url));

/** The commit of the packages that are measured, and whether they were changed since. Undefined outside a checkout. */
export function measuredCommit(): string | undefined {
  try {
    const changes = git("status", "--porcelain", "--", ".");
    return `${git("rev-parse", "--short", "HEAD")}${changes === "" ? "" : ", changed"}`;
  } catch {
    return undefined;
  }
}

function git(...args: readonly string[]): string {
  const output = execFileSync("git", args, {
    cwd: PACKAGES,
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
  });
  return output.trim();
}
