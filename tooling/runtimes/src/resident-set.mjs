/**
 * The command: what stays resident after a heap fell from 512 MiB to 2 MiB, on each supported Node, cold and warm.
 *
 *   pnpm resident-set                    every supported Node
 *   pnpm resident-set node@24 node@26    only these
 *
 * base    resident before the heap has memory          need    what stays live
 * after   when all has gone back that will             over    after - (base + need)
 * file    of over, pages of Node's executable that ran for the first time: read-only, and no memory of the heap
 *
 * Exit code 1 when over is more than 4 MiB somewhere. Linux only.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { NODES } from "./supported.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const MEASUREMENTS = [
  {
    title:
      "a started trimmer with the default policy, 15 s after the burst (trim-lab/measure/live-rss.mjs)",
    args: [`${root}tooling/trim-lab/measure/live-rss.mjs`],
  },
  {
    title: "the arena alone, five turns after releaseChunk (bench/measure/release-rss.mjs)",
    args: [`${root}tooling/bench/measure/release-rss.mjs`, "--json"],
  },
];

const COLUMNS = ["base", "need", "peak", "after", "over", "file"];

/** The executable of a release, so that no measured process starts through npx. */
function executableOf(node) {
  const args = ["-y", node, "-p", "process.execPath"];
  return execFileSync("npx", args, { encoding: "utf8" }).trim();
}

function measure(executable, args, isWarm) {
  const output = execFileSync(executable, isWarm ? [...args, "--warm"] : args, {
    encoding: "utf8",
  });
  return JSON.parse(output.trim().split("\n").at(-1));
}

function print(words) {
  console.log(`| ${words.join(" | ")} |`);
}

const wanted = process.argv.slice(2).filter((word) => word !== "--");
const unknown = wanted.find((word) => !NODES.includes(word));
if (unknown !== undefined) {
  console.error(`error: unknown runtime '${unknown}': there are ${NODES.join(", ")}`);
  process.exit(2);
}
const executables = (wanted.length > 0 ? wanted : NODES).map(executableOf);
let missed = 0;
for (const { title, args } of MEASUREMENTS) {
  console.log(`\nMiB, ${title}\n`);
  print(["Node", "state", ...COLUMNS, "over <= 4 MiB"]);
  print(["---", "---", ...COLUMNS.map(() => "---:"), "---"]);
  for (const executable of executables) {
    for (const isWarm of [false, true]) {
      const row = measure(executable, args, isWarm);
      if (!row.holds) missed++;
      const figures = COLUMNS.map((column) => row[`${column}MiB`].toFixed(1));
      print([row.node, isWarm ? "warm" : "cold", ...figures, row.holds ? "yes" : "NO"]);
    }
  }
}
process.exit(missed > 0 ? 1 : 0);
