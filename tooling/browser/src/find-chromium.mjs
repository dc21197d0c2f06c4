/** Finds a Chromium on this machine. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a Chromium: CHROMIUM_PATH, or the first that is on the PATH; `undefined` when there is none. */
export function findChromium({ CHROMIUM_PATH, PATH = "" }) {
  const candidates =
    CHROMIUM_PATH === undefined
      ? PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
      : [CHROMIUM_PATH];
  return candidates.find(isExecutable);
}
