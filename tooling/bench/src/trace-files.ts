/** Which recordings there are to measure with. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { findSharedTraces, shippedTraces } from "@perfloc-tooling/traces";

export interface TraceFile {
  /** As in `shippedTraces`; for shared ones the file's name without its extensions. */
  readonly name: string;
  /** For people: the name, and whether it is the whole recording where that is in doubt. */
  readonly label: string;
  readonly path: string;
}

/**
 * The shipped traces, and those beside the checkout. Where both have one of a name, the shared one counts: it is the whole
 * recording, the shipped one may be cut.
 */
export function findTraceFiles(): ReadonlyMap<string, TraceFile> {
  const files = new Map<string, TraceFile>();
  for (const { name, url } of shippedTraces) {
    const label = name === "postgres-pgbench" ? `${name} (shipped cut)` : name;
    files.set(name, { name, label, path: fileURLToPath(url) });
  }
  for (const path of findSharedTraces()) {
    const name = basename(path).replace(/\.(mct|rep)\.gz$/u, "");
    files.set(name, { name, label: name, path });
  }
  return files;
}
