import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // No test is about time: this only ends one that hangs, also on a machine that is busy with other packages.
    testTimeout: 300_000,
  },
});
