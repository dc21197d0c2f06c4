/** The packages' own tests, unchanged, in Chromium. PERFLOC_ISOLATED=1 serves them cross-origin isolated. */
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { nodeStubs } from "./src/node-stubs.mjs";

const isIsolated = process.env.PERFLOC_ISOLATED === "1";

/** What gives a page SharedArrayBuffer. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const isolate = {
  name: "perfloc:isolation",
  configureServer(server) {
    server.middlewares.use((_request, response, next) => {
      for (const [header, value] of Object.entries(isolation)) response.setHeader(header, value);
      next();
    });
  },
};

export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  ...(isIsolated && { server: { headers: isolation } }),
  plugins: [nodeStubs(), ...(isIsolated ? [isolate] : [])],
  test: {
    include: ["packages/*/test/**/*.test.ts"],
    // Nothing but recorded traces, a C compiler, or compilers of shaders, which are loaded as Node does.
    exclude: ["**/trace-replay.test.ts", "**/*.gcc.test.ts", "**/*.shader.test.ts"],
    setupFiles: ["tooling/browser/src/process-stub.ts"],
    testTimeout: 300_000,
    provide: { isIsolated },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: process.env.CHROMIUM_PATH,
          args: ["--no-sandbox"],
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});
