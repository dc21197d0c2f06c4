/**
 * Mutation testing of one package after the other, with Stryker: it changes the sources in one place at a time, and a test has
 * to notice.
 *
 *   pnpm mutation --package arena --mutate src/page-buddy.ts
 *
 * Each run goes on from what the last one of the package found, so that a file at a time can be done.
 */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";

/** The packages that keep memory in order. */
const PACKAGES = ["arena", "context", "trim"];

/** Operations of the model tests for each mutant, instead of two millions: a mutant that these miss is worth a test. */
const MODEL_OPERATIONS = "500";

/** Tests that take long for each mutant that they reach, and are left out: what they alone would notice counts as not noticed. */
const SLOW_TESTS = [
  "test/trace-replay.test.ts",
  "test/out-of-memory.test.ts",
  "test/soak.test.ts",
  "test/objects.model.test.ts",
  "test/context-tree.test.ts",
  "test/context-tree.model.test.ts",
  "test/high-addresses.test.ts",
  "test/regress/stack-that-ends-in-a-guarded-alloc.test.ts",
];

const USAGE = `Usage: pnpm mutation [options]

  --package NAME   ${PACKAGES.join(", ")}; may be given again; all of them by default
  --mutate FILES   a glob such as src/page-buddy.ts, or src/arena.ts:200-300; may be given again
  --workers N      mutants that are tried at a time; as many as there are processors by default
  -h, --help       show this`;

function optionsFor(files, workers) {
  return {
    testRunner: "vitest",
    plugins: [import.meta.resolve("@stryker-mutator/vitest-runner")],
    buildCommand: `node ${fileURLToPath(import.meta.resolve("./count-once.mjs")).replaceAll(" ", "\\ ")}`,
    vitest: { configFile: "vitest.config.ts", related: false },
    coverageAnalysis: "perTest",
    mutate: files.length > 0 ? files : ["src/**/*.ts"],
    // Texts of messages and hints: tests would have to repeat them.
    mutator: { excludedMutations: ["StringLiteral"] },
    // What runs once, when a module loads, is seen by every test: each such mutant would run all of them.
    ignoreStatic: true,
    concurrency: workers,
    dryRunTimeoutMinutes: 20,
    timeoutMS: 3000,
    // Of what the tests took in the first run, which counts, and takes several times as long.
    timeoutFactor: 0.4,
    tempDirName: "temp/stryker",
    incremental: true,
    incrementalFile: "temp/mutation-incremental.json",
    reporters: ["clear-text", "html", "progress-append-only"],
    htmlReporter: { fileName: "temp/mutation.html" },
    clearTextReporter: { allowColor: false, reportTests: false, reportMutants: true },
    // Without a tsconfig of its own the copy has that of the package around it, whose paths hold.
    ignorePatterns: ["coverage", "temp", "etc", "tsconfig*.json", ...SLOW_TESTS],
    allowEmpty: true,
  };
}

function parseWords() {
  // `pnpm mutation -- --package arena` hands the first `--` on.
  const words = process.argv.slice(process.argv[2] === "--" ? 3 : 2);
  const { values } = parseArgs({
    args: words,
    options: {
      package: { type: "string", multiple: true, default: PACKAGES },
      mutate: { type: "string", multiple: true, default: [] },
      workers: { type: "string", default: String(availableParallelism()) },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const unknown = values.package.find((name) => !PACKAGES.includes(name));
  if (unknown !== undefined) throw new TypeError(`there is no package '${unknown}' to mutate`);
  if (!/^[1-9]\d*$/.test(values.workers))
    throw new TypeError(`--workers is '${values.workers}', not a number from 1`);
  return values;
}

async function mutate(name, files, workers) {
  process.chdir(fileURLToPath(new URL(`../../../packages/${name}`, import.meta.url)));
  await new Stryker(optionsFor(files, workers)).runMutationTest();
}

try {
  const { package: names, mutate: files, workers, help } = parseWords();
  process.env.PERFLOC_FROM = "source";
  process.env.PERFLOC_MODEL_OPS ??= MODEL_OPERATIONS;
  process.env.PERFLOC_SEED ??= "1";
  if (help) console.log(USAGE);
  // oxlint-disable-next-line no-await-in-loop -- each uses the whole machine
  else for (const name of names) await mutate(name, files, Number(workers));
} catch (error) {
  console.error(error instanceof TypeError ? `error: ${error.message}. Try --help.` : error);
  process.exitCode = 1;
}
