import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Some tests start the built command, on a machine that may be busy with other packages.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
