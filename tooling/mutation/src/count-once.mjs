/**
 * Stryker has every changed place count how often it is reached, in each run, though only the first run is asked. This is its build
 * command: in the copy that it made, places stop counting while a mutant is tried, which makes the tests 3 to 15 times as fast.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const COUNTS = "  function cover() {\n";
const COUNTS_WITHOUT_MUTANT = `${COUNTS}    if (ns.activeMutant !== undefined) return;\n`;

for (const name of readdirSync("src", { recursive: true })) {
  if (!name.endsWith(".ts")) continue;
  const file = `src/${name}`;
  const source = readFileSync(file, "utf8");
  if (source.includes(COUNTS)) writeFileSync(file, source.replace(COUNTS, COUNTS_WITHOUT_MUTANT));
}
