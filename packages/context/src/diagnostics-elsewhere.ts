/** The bridge of `diagnostics.ts` where there is no Node: it does nothing. */

/** @returns does nothing, too */
export function publishDiagnostics(_heap: object): () => void {
  return () => {};
}
