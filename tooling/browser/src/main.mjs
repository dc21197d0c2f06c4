/**
 * The command: runs the packages' tests in Chromium, first in a plain page, then in one that is cross-origin isolated, and a program in pages
 * with and without a Content-Security-Policy.
 *
 *   pnpm test:browser             everything
 *   pnpm test:browser vec         the tests of these files
 *   pnpm test:browser --policy    only the pages with and without a policy
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { passesUnderPolicy } from "./content-policy.mjs";
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
const words = process.argv.slice(2).filter((word) => word !== "--");
const isPolicyOnly = words.includes("--policy");
let code = 0;
for (const PERFLOC_ISOLATED of isPolicyOnly ? [] : ["0", "1"]) {
  console.log(PERFLOC_ISOLATED === "1" ? "cross-origin isolated:" : "not isolated:");
  const env = { ...process.env, CHROMIUM_PATH: chromium, PERFLOC_ISOLATED, PERFLOC_MODEL_OPS };
  const args = ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.config.mjs"];
  const { status } = spawnSync(process.execPath, [...args, ...words], {
    cwd: folder,
    env,
    stdio: "inherit",
  });
  code ||= status ?? 1;
}
if (words.length === 0 || isPolicyOnly) {
  console.log("under a Content-Security-Policy:");
  if (!(await passesUnderPolicy(chromium))) code ||= 1;
}
process.exit(code);
