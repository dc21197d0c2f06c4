/** What a run of the lab found. */
import type { Front } from "./fronts.js";
import type { Watch } from "./look-times.js";
import type { Tournament } from "./tournament.js";

export interface Report {
  /** As it was typed. */
  readonly command: string;
  readonly tickMs: number;
  readonly watch: Watch;
  /** Whether each shape has a table of its own. */
  readonly isDetailed: boolean;
  /** One for each scale. */
  readonly tournaments: readonly Tournament[];
  /** One list for each scale; empty when nobody asked. */
  readonly fronts: readonly (readonly Front[])[];
}
