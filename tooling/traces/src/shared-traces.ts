import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** `shared/traces` beside the checkout; `src` and `dist` lie at the same depth below it. */
const SHARED_TRACES = new URL("../../../../shared/traces/", import.meta.url);

/**
 * Finds traces that lie beside the checkout because they may not be committed: whole recordings,
 * and data under other licences. Most machines have none.
 *
 * @returns paths for {@link readTrace}, in alphabetical order; empty without the folder.
 */
export function findSharedTraces(): string[] {
  const folder = fileURLToPath(SHARED_TRACES);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".mct.gz") || file.endsWith(".rep.gz"))
    .toSorted()
    .map((file) => join(folder, file));
}
