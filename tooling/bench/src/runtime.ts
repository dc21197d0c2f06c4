/** The JavaScript engines that run what is in JavaScript: releases of Node, and Bun. */
import { execFileSync } from "node:child_process";

export interface Runtime {
  /** As the table names it: `Node 22.21.1`. */
  readonly label: string;
  /** Its executable. */
  readonly path: string;
}

/** An npm package with an executable in it. */
export interface RuntimePackage {
  readonly name: "node" | "bun";
  /** As npm understands it: `22`, `24.1.0`. */
  readonly version: string;
}

/** The runtime asked for cannot be had. */
export class RuntimeError extends Error {
  override readonly name = "RuntimeError";
}

export function thisRuntime(): Runtime {
  return { label: `Node ${process.versions.node}`, path: process.execPath };
}

/**
 * Finds a runtime with npx, which downloads its package at the first use. The executable is asked for where it lies, so that no measured
 * process starts through npx.
 *
 * @throws RuntimeError
 */
export function findRuntime({ name, version }: RuntimePackage): Runtime {
  const wanted = `${name}@${version}`;
  const program = `console.log(process.versions.${name} + " " + process.execPath)`;
  let output: string;
  try {
    output = execFileSync("npx", ["-y", wanted, "-e", program], {
      stdio: ["ignore", "pipe", "ignore"],
      encoding: "utf8",
    });
  } catch (cause) {
    throw new RuntimeError(`could not run ${wanted}: npx -y ${wanted} failed`, { cause });
  }
  const found = /^(\d\S*) (.+)$/mu.exec(output);
  if (found === null) {
    throw new RuntimeError(`could not run ${wanted}: npx printed "${output.trim()}"`);
  }
  return { label: `${name === "bun" ? "Bun" : "Node"} ${found[1]}`, path: found[2]! };
}
