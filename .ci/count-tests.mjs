// Adds up the reports that `vitest --reporter=json` left in each workspace folder with a `test`
// script. Prints `PASSED FAILED SKIPPED`; what went wrong beyond single tests goes to stderr.
import { existsSync, readdirSync, readFileSync } from "node:fs";

let passed = 0;
let failed = 0;
let skipped = 0;

for (const parent of ["packages", "tooling"]) {
  for (const name of readdirSync(parent).toSorted()) {
    const folder = `${parent}/${name}`;
    if (!existsSync(`${folder}/package.json`)) continue;
    const manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    if (manifest.scripts?.test === undefined) continue;

    if (!existsSync(`${folder}/temp/vitest.json`)) {
      console.error(`      ${folder}: no test report, counted as one failure`);
      failed += 1;
      continue;
    }
    const report = JSON.parse(readFileSync(`${folder}/temp/vitest.json`, "utf8"));
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    skipped += report.numPendingTests + report.numTodoTests;
    for (const file of report.testResults) {
      const isBroken =
        file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed");
      if (!isBroken) continue;
      console.error(`      ${file.name}: could not run, counted as one failure`);
      failed += 1;
    }
  }
}

console.log(`${passed} ${failed} ${skipped}`);
