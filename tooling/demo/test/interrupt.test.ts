import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { newFolder, startDemo } from "./run-demo.js";

test("Ctrl-C ends the run and leaves no file", async () => {
  const folder = newFolder();
  const demo = startDemo(folder, "--quick");
  await once(demo.stderr!, "data");
  demo.kill("SIGINT");
  expect(await once(demo, "exit")).toEqual([130, null]);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
