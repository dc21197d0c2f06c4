import { defineConfig } from "rolldown";

/** The report's script, with the parts of the chart library that it uses, in one file. */
export default defineConfig({
  input: "src/page/main.ts",
  platform: "browser",
  output: { file: "dist/page.js", format: "iife", minify: true },
});
