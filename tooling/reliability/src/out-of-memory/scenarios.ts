/** Everything that can run out of memory, in all four packages. */
import { arenaScenarios } from "./arena-scenarios.js";
import { contextScenarios } from "./context-scenarios.js";
import type { Scenario } from "./scenario.js";
import { trimScenarios } from "./trim-scenarios.js";
import { typedScenarios } from "./typed-scenarios.js";

export const scenarios: readonly Scenario[] = [
  ...arenaScenarios,
  ...contextScenarios,
  ...trimScenarios,
  ...typedScenarios,
];
