/** Prints which check level finds which bug, in markdown: `pnpm one-bug`. On `sample` every object is a sample here. */
import { makeTable } from "./table.js";

console.log(makeTable());
