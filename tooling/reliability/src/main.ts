/** The command: runs the campaigns and prints what they found. The tests run the same. */
import type { CheckLevel } from "@perfloc/typed";
import { runFlipCampaign } from "./byte-flips/flip-campaign.js";
import { type Campaign, parseCommand, USAGE, UsageError } from "./command-line.js";
import { playMatrix } from "./out-of-memory/matrix.js";
import { scenarios } from "./out-of-memory/scenarios.js";
import { flipTable, matrixTable } from "./tables.js";

const LEVELS: readonly CheckLevel[] = ["check", "off", "debug", "sample"];

const runs: Readonly<Record<Campaign, () => void>> = {
  "out-of-memory": () => console.log(matrixTable(scenarios.map(playMatrix))),
  "byte-flips": () => {
    for (const level of LEVELS) console.log(flipTable(level, runFlipCampaign(level)));
  },
};

try {
  const { isHelp, campaigns } = parseCommand(process.argv.slice(2));
  if (isHelp) console.log(USAGE);
  else for (const campaign of campaigns) runs[campaign]();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`error: ${error.message}. Try --help.`);
  process.exitCode = 1;
}
