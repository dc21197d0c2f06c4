/** The Node releases that run what is in JavaScript. */
import { execFileSync } from "node:child_process";

export interface NodeRelease {
  /** As the table names it: `Node 22.21.1`. */
  readonly label: string;
  /** Its executable. */
  readonly path: string;
}

/** The release asked for cannot be had. */
export class NodeReleaseError extends Error {
  override readonly name = "NodeReleaseError";
}

export function thisNode(): NodeRelease {
  return { label: `Node ${process.versions.node}`, path: process.execPath };
}

/**
 * Finds a release with npx, which downloads the `node` package at the first use. The executable is asked for where it lies, so
 * that no measured process starts through npx.
 *
 * @param version - as npm understands it: `22`, `24.1.0`
 * @throws NodeReleaseError
 */
export function findNode(version: string): NodeRelease {
  const args = ["-y", `node@${version}`, "-p", "process.version + ' ' + process.execPath"];
  let output: string;
  try {
    output = execFileSync("npx", args, { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" });
  } catch (cause) {
    throw new NodeReleaseError(`could not run Node ${version}: npx -y node@${version} failed`, {
      cause,
    });
  }
  const found = /^v(\S+) (.+)$/mu.exec(output);
  if (found === null) {
    throw new NodeReleaseError(`could not run Node ${version}: npx printed "${output.trim()}"`);
  }
  return { label: `Node ${found[1]}`, path: found[2]! };
}
