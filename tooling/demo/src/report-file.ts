/**
 * The file that the report goes to. It is written under another name beside its place and renamed when it is whole, so
 * that there is never half a report.
 */
import { accessSync, constants, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The report could not be written. */
export class ReportFileError extends Error {
  override readonly name = "ReportFileError";
}

/**
 * For before a run, which would be in vain.
 * @throws ReportFileError when `path` cannot be written
 */
export function checkReportPath(path: string): void {
  if (isFolder(path) === true) throw new ReportFileError(`could not write ${path}: it is a folder`);
  checkFolder(path, dirname(path));
  attempt(path, () => {
    // Permissions are not all that can be in the way, so it is tried.
    writeFileSync(draftOf(path), "");
    rmSync(draftOf(path));
  });
}

/** @throws ReportFileError */
export function writeReportFile(path: string, text: string): void {
  const draft = draftOf(path);
  attempt(path, () => {
    try {
      writeFileSync(draft, text);
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

function checkFolder(path: string, folder: string): void {
  const found = isFolder(folder);
  if (found !== true) {
    const fault = found === undefined ? "does not exist" : "is not a folder";
    throw new ReportFileError(`could not write ${path}: ${folder} ${fault}`);
  }
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new ReportFileError(`could not write ${path}: no permission to write in ${folder}`, {
      cause,
    });
  }
}

/** @returns undefined when there is nothing at `path` */
function isFolder(path: string): boolean | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory();
  } catch {
    return undefined; // below a folder that may not be looked into
  }
}

function draftOf(path: string): string {
  return `${path}.${process.pid}.draft`;
}

function attempt(path: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw new ReportFileError(`could not write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Without the system call and the draft's name, which Node adds behind the first comma. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split(", ", 1)[0]!;
}
