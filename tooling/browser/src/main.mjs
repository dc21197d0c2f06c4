/** The command: runs the packages' tests in Chromium, first in a plain page, then in one that is cross-origin isolated. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findChromium } from "./find-chromium.mjs";

const folder = fileURLToPath(new URL("..", import.meta.url));
const chromium = findChromium(process.env);

if (chromium === undefined) {
  console.error(
    "error: no Chromium was found. Install one (on Debian: apt-get install chromium), or name it in CHROMIUM_PATH.",
  );
  process.exit(1);
}

// Fewer operations against the models than in Node: the engine is the same.
const { PERFLOC_MODEL_OPS = "100000" } = process.env;
let code = 0;
for (const PERFLOC_ISOLATED of ["0", "1"]) {
  console.log(PERFLOC_ISOLATED === "1" ? "cross-origin isolated:" : "not isolated:");
  const env = { ...process.env, CHROMIUM_PATH: chromium, PERFLOC_ISOLATED, PERFLOC_MODEL_OPS };
  const args = ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.config.mjs"];
  const { status } = spawnSync(process.execPath, [...args, ...process.argv.slice(2)], {
    cwd: folder,
    env,
    stdio: "inherit",
  });
  code ||= status ?? 1;
}
process.exit(code);
