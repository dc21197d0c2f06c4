import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Simulations of hours, on a machine that may be busy with other packages.
    testTimeout: 300_000,
  },
});
