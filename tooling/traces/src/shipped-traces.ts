import type { Trace } from "./trace.js";

export interface ShippedTrace {
  readonly name: string;
  readonly kind: Trace["kind"];
  /** A file URL; {@link readTrace} takes it as it is. */
  readonly url: URL;
}

/** The traces of this package's `data` folder; `data/README.md` says where they come from. */
export const shippedTraces: readonly ShippedTrace[] = [
  shipped("postgres-pgbench", "contexts"),
  shipped("sqlite", "malloc"),
  shipped("jq", "malloc"),
  shipped("perl", "malloc"),
  shipped("gitlog", "malloc"),
];

function shipped(name: string, kind: Trace["kind"]): ShippedTrace {
  const extension = kind === "contexts" ? "mct.gz" : "rep.gz";
  // `src` and `dist` lie at the same depth, so this holds for both.
  return { name, kind, url: new URL(`../data/${name}.${extension}`, import.meta.url) };
}
