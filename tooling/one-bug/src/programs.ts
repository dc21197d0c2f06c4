/** All programs. A new bug is added to the list of its kind. */
import type { BugProgram } from "./program.js";
import { asking } from "./programs/asking.js";
import { freeing } from "./programs/freeing.js";
import { layers } from "./programs/layers.js";
import { scopes } from "./programs/scopes.js";
import { writing } from "./programs/writing.js";

export const programs: readonly BugProgram[] = [
  ...freeing,
  ...writing,
  ...asking,
  ...scopes,
  ...layers,
];
