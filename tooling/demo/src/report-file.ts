/**
 * The file that the report goes to. It is written under another name beside its place and renamed when it is whole, so
 * that there is never half a report.
 */
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/** The report could not be written. */
export class ReportFileError extends Error {
  override readonly name = "ReportFileError";
}

/**
 * For before a run, which would be in vain.
 * @throws ReportFileError when `path` cannot be written
 */
export function checkReportPath(path: string): void {
  attempt(path, () => {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new Error("it is a folder");
    }
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

function draftOf(path: string): string {
  return `${path}.${process.pid}.draft`;
}

function attempt(path: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReportFileError(`could not write ${path}: ${reason}`, { cause });
  }
}
