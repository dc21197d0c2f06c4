/** What the report shows. The page's script reads the charts' part of it, as JSON. */

/** Columns of equal length, one entry for each sample. */
export interface TimelineData {
  readonly ms: number[];
  readonly heldBytes: number[];
  readonly usedBytes: number[];
  readonly liveBytes: number[];
  readonly rssBytes: number[];
}

/** A part of a timeline that has a name. */
export interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A process chunk: a run of pages of one context. Pages in no run are free. */
export interface PageRun {
  readonly firstPage: number;
  readonly pageCount: number;
  readonly context: string;
}

export interface TopChunkRow {
  readonly index: number;
  readonly pageCount: number;
  readonly usedBytes: number;
  readonly runs: readonly PageRun[];
}

/** The top chunks that were held at one moment, with what lies in them. */
export interface ChunkMap {
  readonly pageBytes: number;
  readonly chunks: readonly TopChunkRow[];
}

/** One context, or several childless ones of the same name below the same parent. */
export interface ContextNode {
  readonly name: string;
  readonly count: number;
  readonly usedBytes: number;
  readonly liveBytes: number;
  readonly subtreeUsedBytes: number;
  readonly subtreeLiveBytes: number;
  readonly children: readonly ContextNode[];
}

/** For the charts. */
export interface ChartData {
  readonly replay: TimelineData;
  readonly replayMap: ChunkMap;
  readonly burst: TimelineData;
  readonly burstPhases: readonly Phase[];
  readonly burstMap: ChunkMap;
}

/** The figures of a whole run. */
export interface Figures {
  readonly traceName: string;
  readonly traceKind: "contexts" | "malloc";
  readonly operations: number;
  readonly objects: number;
  readonly medianNs: number;
  readonly fastestNs: number;
  readonly timedRounds: number;
  readonly checkedObjects: number;
  readonly corruptObjects: number;
  readonly contextsOpened: number;
  readonly forwards: number;
  readonly resets: number;
  readonly replayTopChunks: number;
  readonly replayPeakLiveBytes: number;
  readonly replayPeakUsedBytes: number;
  readonly replayPeakHeldBytes: number;
  readonly burstObjects: number;
  readonly burstContexts: number;
  readonly burstTopChunks: number;
  readonly burstPeakLiveBytes: number;
  readonly burstPeakUsedBytes: number;
  readonly burstPeakHeldBytes: number;
  readonly releasedChunks: number;
  readonly liveBytesAfter: number;
  readonly usedBytesAfter: number;
  readonly heldBytesAfter: number;
  readonly rssBytesBefore: number;
  readonly rssBytesPeak: number;
  readonly rssBytesAfter: number;
  readonly idleMs: number;
}

/** What the stage of typed rows has found. */
export interface RowFigures {
  readonly rows: number;
  readonly rowBytes: number;
  /** In process chunks: the rows and their index. */
  readonly tableBytes: number;
  readonly queries: number;
  /** Of the median query, for each row that it looks up, reads and adds to its group; with opening and dropping its context. */
  readonly nsPerRow: number;
  /** The same with an object for each row, and Maps. */
  readonly plainNsPerRow: number;
  /** Not those of plain JavaScript. */
  readonly wrongAnswers: number;
  /** As much as the table takes: nothing is left of the queries. */
  readonly usedBytesAfterQueries: number;
  /** One row, as Node prints it. */
  readonly example: string;
  readonly layout: string;
}

/** Everything that the report is made from. */
export interface ReportData {
  readonly figures: Figures;
  readonly rows: RowFigures;
  readonly charts: ChartData;
  readonly contexts: readonly ContextNode[];
  /** Node, V8, system and processor, in words. */
  readonly platform: string;
  readonly madeAt: string;
}
