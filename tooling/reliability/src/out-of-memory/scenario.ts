/** A program that asks the source for memory again and again. */
import type { ArenaOptions } from "@perfloc/typed";
import type { Stage } from "./stage.js";

export interface Scenario {
  readonly name: string;
  /** For its arena, beside short chunks. */
  readonly options?: ArenaOptions;
  /**
   * For calls that allocate several objects, and free them again when one finds no room: free memory may then look otherwise.
   * Compared is every live object, so that none came, went or changed.
   */
  readonly freesAgain?: boolean;
  /**
   * Plays it. Each call that may run out of memory goes through `stage.call`.
   * @returns what the program sees in the end: it must be the same whichever request failed
   */
  play(stage: Stage): unknown;
}
