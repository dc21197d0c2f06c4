/** The runtimes that the packages support, as npm names them. */

/** All tests pass on each of these. */
export const NODES = ["node@20", "node@22", "node@24", "node@26"];

/** The examples of the READMEs run on these, too. */
export const OTHERS = ["bun", "deno"];
