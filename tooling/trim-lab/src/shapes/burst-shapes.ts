/** Traffic in bursts: alone, at random, and with something that lives on. */
import { type Demand, type DemandShape, type Scale, ordinary } from "../demand-shape.js";
import { exponentialAt, uniformAt } from "../random.js";

const SECOND = 1000;

const BURST_TIME_SEED = 2;
const BURST_LENGTH_SEED = 3;
const BURST_HEIGHT_SEED = 4;
const REQUEST_TIME_SEED = 5;
const REQUEST_RANK_SEED = 6;
const REQUEST_LENGTH_SEED = 7;
const PIN_SEED = 8;

export function burstShapes(scale: Scale): readonly DemandShape[] {
  return [
    burstThenIdle(scale),
    flashCrowd(scale),
    poissonBursts(scale),
    zipfRequests(scale),
    slowPin(scale),
  ];
}

function burstThenIdle(scale: Scale): DemandShape {
  const summary = "10 s at the peak, then 120 s low";
  return ordinary(scale, "burst-idle", summary, 130 * SECOND, (ms) =>
    ms < 10 * SECOND ? scale.peakBytes : scale.lowBytes,
  );
}

function flashCrowd(scale: Scale): DemandShape {
  const usual = scale.peakBytes / 50;
  const rise = scale.peakBytes - usual;
  const summary = "50 times as much within 1 s, falling with a heavy tail";
  return ordinary(scale, "flash-crowd", summary, 300 * SECOND, (ms) => {
    const since = ms - 20 * SECOND;
    if (since < 0) return usual;
    if (since < SECOND) return usual + (rise * since) / SECOND;
    return usual + rise * (1 + (since - SECOND) / (5 * SECOND)) ** -1.5;
  });
}

/** Something that is there for a while. */
interface Stay {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bytes: number;
}

function poissonBursts(scale: Scale): DemandShape {
  const durationMs = 600 * SECOND;
  const bursts = staysOf(durationMs, 15 * SECOND, BURST_TIME_SEED, (fromMs, count) => ({
    fromMs,
    toMs: fromMs + SECOND * (0.5 + 2.5 * uniformAt(BURST_LENGTH_SEED, count)),
    bytes: scale.peakBytes * (0.2 + 0.8 * uniformAt(BURST_HEIGHT_SEED, count)),
  }));
  const summary = "bursts of 0.5 to 3 s at random times, one in 15 s, of 20 to 100 % of the peak";
  return ordinary(scale, "poisson-bursts", summary, durationMs, (ms) =>
    Math.max(0, ...staysAt(bursts, ms).map(({ bytes }) => bytes)),
  );
}

function zipfRequests(scale: Scale): DemandShape {
  const durationMs = 300 * SECOND;
  const requests = staysOf(durationMs, 0.2 * SECOND, REQUEST_TIME_SEED, (fromMs, count) => ({
    fromMs,
    toMs: fromMs + SECOND * exponentialAt(REQUEST_LENGTH_SEED, count),
    // Zipf's law over 1,024 ranks: rank r has probability 1 / r, so its logarithm is evenly spread.
    bytes: scale.peakBytes / 2 / Math.floor(1024 ** uniformAt(REQUEST_RANK_SEED, count)),
  }));
  const summary = "5 requests a second of about 1 s each, their sizes by Zipf's law";
  return ordinary(scale, "zipf-requests", summary, durationMs, (ms) =>
    staysAt(requests, ms).reduce((sum, { bytes }) => sum + bytes, 0),
  );
}

function slowPin({ peakBytes, lowBytes }: Scale): DemandShape {
  const periodMs = 30 * SECOND;
  const pinBytes = 64 * 1024;
  const demandAt = (ms: number): Demand => {
    const burst = Math.floor(ms / periodMs);
    const isBurst = ms % periodMs < 5 * SECOND;
    const survivors = burst + (isBurst ? 0 : 1);
    return {
      bytes: isBurst ? peakBytes : lowBytes + survivors * pinBytes,
      pins: Array.from({ length: survivors }, (_, at) => peakBytes * uniformAt(PIN_SEED, at)),
    };
  };
  return {
    name: "slow-pin",
    summary: "5 s at the peak in each 30, and one context of each burst lives on where it lies",
    kind: "ordinary",
    durationMs: 10 * periodMs,
    peakBytes,
    start: () => demandAt,
  };
}

/** What begins before `durationMs`, at the times of a Poisson process. */
function staysOf(
  durationMs: number,
  meanMs: number,
  seed: number,
  stay: (fromMs: number, count: number) => Stay,
): readonly Stay[] {
  const stays: Stay[] = [];
  let fromMs = meanMs * exponentialAt(seed, 0);
  while (fromMs < durationMs) {
    stays.push(stay(fromMs, stays.length));
    fromMs += meanMs * exponentialAt(seed, stays.length);
  }
  return stays;
}

function staysAt(stays: readonly Stay[], ms: number): readonly Stay[] {
  return stays.filter(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
}
