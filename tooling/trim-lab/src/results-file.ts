/** The files that the results go to. */
import { accessSync, constants, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The file cannot be written. */
export class ResultsFileError extends Error {
  override readonly name = "ResultsFileError";
}

/** Before the run: a minute of figures should not be lost to a folder that does not exist. */
export function checkResultsPath(path: string): void {
  tryFor(path, () => accessSync(dirname(path), constants.W_OK));
}

export function writeResultsFile(path: string, content: string): void {
  tryFor(path, () => writeFileSync(path, content));
}

function tryFor(path: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ResultsFileError(`could not write ${path}: ${message}`, { cause });
  }
}
