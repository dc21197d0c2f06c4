/** Which file the word behind `--trace` means: the path of a trace, or the name of a shipped one. */
import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { type ShippedTrace, shippedTraces } from "@perfloc-tooling/traces";

export const DEFAULT_TRACE = "postgres-pgbench";

/** There is no trace to read. */
export class NoTraceError extends Error {
  override readonly name = "NoTraceError";
}

/**
 * A file goes before a shipped trace of the same name.
 * @param word - as it was typed; paths in it are relative to `folder`
 * @throws NoTraceError when it is neither a readable file nor the name of a shipped trace
 */
export function findTrace(word: string, folder: string): string | URL {
  const path = resolve(folder, word);
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isDirectory() === false) {
    checkReadable(path, word);
    return path;
  }
  const shipped = shippedTraces.find(({ name }) => name === word);
  if (shipped !== undefined) return shipped.url;
  throw new NoTraceError(
    `${word}: ${entry === undefined ? "no such file, and no shipped trace" : "a folder, not a trace"}`,
  );
}

/** One line for each shipped trace: its name, and what was recorded. */
export function listShippedTraces(): string {
  const width = Math.max(...shippedTraces.map(({ name }) => name.length));
  return shippedTraces
    .map((trace) => `  ${trace.name.padEnd(width)}  ${remarkOn(trace)}`)
    .join("\n");
}

function remarkOn({ name, kind }: ShippedTrace): string {
  const calls = kind === "contexts" ? "memory-context calls" : "malloc calls";
  return name === DEFAULT_TRACE ? `${calls} (the default)` : calls;
}

function checkReadable(path: string, word: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    throw new NoTraceError(`${word}: no permission to read it`, { cause });
  }
}
