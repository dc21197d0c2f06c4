import { arch, cpus, platform as system } from "node:os";

/** Node, V8, system and processor, in words. */
export function platform(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? "unknown processor";
  return `Node ${process.versions.node} (V8 ${process.versions.v8}) · ${system()} ${arch()} · ${processors.length} × ${model}`;
}
