/**
 * A service that keeps records alive and replaces a part of them in every turn of the event loop: what all sides of the rows
 * about garbage collection share. The turns follow each other without a rest.
 */
import { setImmediate } from "node:timers/promises";
import { eventLoopFigures } from "./event-loop-figures.js";
import { peakRssBytes } from "./peak-rss-bytes.js";
import type { ProcessReport } from "./process-report.js";

/**
 * Where the records are: an id of 32 bits, two doubles and a byte of flags each.
 *
 * Ids count from 1.
 */
export interface RecordStore {
  /**
   * Ends the record at this place, and puts a new one there.
   * @returns the id of the one that was there, as it is read back from it; 0 when there was none
   */
  put(place: number, id: number): number;
}

export interface ServiceShape {
  readonly recordCount: number;
  /** Replaced in one turn. */
  readonly recordsPerTurn: number;
  readonly turnCount: number;
}

/** How many turns lie between two samples of the resident set, which take some microseconds each. */
const TURNS_PER_SAMPLE = 100;

const NS_PER_MS = 1e6;

/** Fills the store, and replaces random records. Everything is one pass: its time is that of the turns, with what lies between them. */
export async function runRecordService(
  store: RecordStore,
  { recordCount, recordsPerTurn, turnCount }: ServiceShape,
): Promise<ProcessReport> {
  let lastId = 0;
  for (let place = 0; place < recordCount; place++) store.put(place, ++lastId);

  let lastRandom = 1;
  /** @returns the sum of the ids of the records that ended */
  function replaceSome(): number {
    // In variables of its own: V8 makes an object of every large number that is written to one outside.
    let random = lastRandom;
    let id = lastId;
    let sum = 0;
    for (let count = 0; count < recordsPerTurn; count++) {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      // The upper bits: the lower ones of this generator have short periods.
      const place = Math.floor((random / 2 ** 32) * recordCount);
      sum += store.put(place, ++id);
    }
    lastRandom = random;
    lastId = id;
    return sum;
  }

  let checksum = 0;
  const turnMs: number[] = [];
  const rssBytes: number[] = [];
  await setImmediate();
  const began = performance.now();
  let turnBegan = began;
  for (let turn = 0; turn < turnCount; turn++) {
    checksum += replaceSome();
    if (turn % TURNS_PER_SAMPLE === 0) rssBytes.push(process.memoryUsage.rss());
    // oxlint-disable-next-line no-await-in-loop -- the next turn of the event loop
    await setImmediate();
    const now = performance.now();
    turnMs.push(now - turnBegan);
    turnBegan = now;
  }
  const operations = recordsPerTurn * turnCount;
  return {
    passes: [((turnBegan - began) * NS_PER_MS) / operations],
    ops: operations,
    checksum,
    peakRssBytes: peakRssBytes(),
    eventLoop: eventLoopFigures(turnMs, rssBytes),
  };
}
