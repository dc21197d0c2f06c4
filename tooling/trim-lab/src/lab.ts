/** A run of the lab: what the command asked for, simulated. */
import type { Command } from "./command-line.js";
import { frontsOf } from "./fronts.js";
import type { Report } from "./report.js";
import { SCALES, allShapes } from "./shapes/all-shapes.js";
import { holdTournament } from "./tournament.js";

/** @param say - is told what is going on, one line at a time */
export function runLab(command: Command, say: (line: string) => void): Report {
  const { text, isQuick, tickMs, watch, shapes: names, htmlPath } = command;
  const scales = isQuick ? SCALES.slice(0, 1) : SCALES;
  const tournaments = scales.map((scale) => {
    say(`simulating peaks of ${scale.name}`);
    const shapes = allShapes(scale).filter(
      ({ name }) => names.length === 0 || names.includes(name),
    );
    return holdTournament(scale, shapes, { tickMs, watch });
  });
  const needsFronts = htmlPath !== undefined || command.jsonPath !== undefined;
  const fronts = !needsFronts
    ? []
    : tournaments.map((tournament) => {
        say(`sweeping windows at peaks of ${tournament.scale.name}`);
        return frontsOf(tournament, { tickMs, watch: "trimmer" });
      });
  return { command: text, tickMs, watch, isDetailed: names.length > 0, tournaments, fronts };
}
