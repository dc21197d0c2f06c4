/** What tests read from `process`, where there is none: no variables, and no platform that anything is tested for. */
import { needsNode } from "./needs-node.ts";

const stub = {
  env: {},
  platform: "browser",
  arch: "",
  version: "",
  execPath: "",
  memoryUsage: needsNode("process.memoryUsage"),
};

Object.assign(globalThis, {
  process: { ...stub, ...(globalThis as { process?: object }).process },
});
