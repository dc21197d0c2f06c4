import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Most tests start the built command, some on a machine that is busy with other packages.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
