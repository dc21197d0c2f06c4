/** The contexts that get a colour of their own in a map: those with the most pages. All others share one. */
import type { ChunkMap } from "../report-data.js";

/** More colours could not be told apart. */
const MAX_GROUPS = 8;

export interface ContextGroups {
  /** Largest first; the last one is for the rest, if there is a rest. */
  readonly names: readonly string[];
  groupOf(context: string): number;
}

export function groupContexts(map: ChunkMap): ContextGroups {
  const pages = new Map<string, number>();
  for (const { runs } of map.chunks) {
    for (const { context, pageCount } of runs) {
      pages.set(context, (pages.get(context) ?? 0) + pageCount);
    }
  }
  const ranked = [...pages].toSorted(([, a], [, b]) => b - a).map(([context]) => context);
  const own = ranked.slice(0, MAX_GROUPS);
  const others = ranked.length - own.length;
  return {
    names: others > 0 ? [...own, `${others} other names`] : own,
    groupOf(context) {
      const group = own.indexOf(context);
      return group < 0 ? own.length : group;
    },
  };
}
