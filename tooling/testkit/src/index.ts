/** What the packages' tests share. */
export { badAddresses, badAlignments, badSizes } from "./bad-arguments.js";
export { FailingSource, InjectedFailure } from "./failing-source.js";
export { randomFrom } from "./random.js";
