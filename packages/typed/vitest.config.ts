import { defineConfig } from "vitest/config";

// Tests run against the built `dist`, as users get it. Coverage needs the sources instead.
const fromSource = process.env["PERFLOC_FROM"] === "source";

export default defineConfig({
  ...(fromSource && {
    ssr: { resolve: { conditions: ["@perfloc/source"], externalConditions: ["@perfloc/source"] } },
  }),
  test: {
    // Coverage and mutations: the sources are loaded once, not for each file of tests.
    isolate: !fromSource,
    include: ["test/**/*.test.ts"],
    // No test is about time: this only ends one that hangs, also on a machine that is busy with other packages.
    testTimeout: 300_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text"],
      thresholds: { branches: 95 },
    },
  },
});
