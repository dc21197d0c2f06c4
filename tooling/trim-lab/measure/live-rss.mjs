/**
 * Does memory go back by itself? A burst of 512 MiB under a started trimmer with the default policy, then 2 MiB live; the
 * resident set and the held bytes are read every 50 ms until 15 s after the burst. No garbage collection is forced.
 *
 *   node tooling/trim-lab/measure/live-rss.mjs [--warm] [--pin] [--svg FILE]      (build first)
 *   pnpm resident-set                        on each supported Node, cold and warm
 *
 *   base    resident before the heap has any memory       need    the 2 MiB that stay live
 *   after   resident 15 s after the burst                 over    after - (base + need): planes, the unused rest of held
 *                                                                 chunks, and what the engine has grown by
 *   file    of over, pages of the engine's executable that were run for the first time: read-only, shared, not the heap's
 *
 * `--warm` has the same burst once before base is read, so that compiled code and the arenas of malloc are in it. `--pin` leaves one
 * context of 4 KiB alive from the middle of the burst. Without `--svg` a sample makes next to no garbage: what V8 grows by for the
 * samples would be taken for memory that did not go back.
 */
/* oxlint-disable no-await-in-loop -- time passes between two samples: that is what is measured */
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Heap, Trimmer } from "@perfloc/trim";

const MIB = 1024 * 1024;
const BURST_BYTES = 512 * MIB;
const NEED_BYTES = 2 * MIB;
const OBJECT_BYTES = 4096;
const REQUEST_BYTES = 4 * MIB;
const SAMPLE_MS = 50;
const AFTER_MS = 15_000;
/** What the result may exceed base and need by. */
const SLACK_BYTES = 4 * MIB;

const { values } = parseArgs({
  options: {
    pin: { type: "boolean", default: false },
    warm: { type: "boolean", default: false },
    svg: { type: "string" },
  },
});

/** Room for every sample that there can be: four numbers each, time, resident, held and used bytes. */
const SAMPLE_NUMBERS = 4;
const MAX_SAMPLES = 4096;
const samples = new Float64Array(MAX_SAMPLES * SAMPLE_NUMBERS).fill(-1);
let sampleCount = 0;

const heap = new Heap();
const trimmer = new Trimmer(heap).start();
if (values.warm === true) {
  for (const request of (await burst()).requests) request.drop();
  await setTimeout(AFTER_MS);
  sampleCount = 0;
}
await setTimeout(500);
const baseFile = fileBytes();
const base = process.memoryUsage.rss();
fill(heap.open("lasting"), NEED_BYTES);
const { requests, pinned } = await burst();
const peak = process.memoryUsage.rss();
const pinBytes = pinned === undefined ? 0 : heap.arena.chunkAt(pinned).byteLength;
for (const request of requests) request.drop();
const fell = performance.now();
let worstStepMs = 0;
while (performance.now() - fell < AFTER_MS) {
  sample();
  const before = performance.now();
  await setTimeout(SAMPLE_MS);
  worstStepMs = Math.max(worstStepMs, performance.now() - before - SAMPLE_MS);
}
const after = process.memoryUsage.rss();
const overFile = fileBytes() - baseFile;
const over = after - base - NEED_BYTES;
const inMiB = (bytes) => Number((bytes / MIB).toFixed(1));
console.log(
  JSON.stringify({
    node: process.versions.node,
    isWarm: values.warm,
    baseMiB: inMiB(base),
    needMiB: inMiB(NEED_BYTES),
    peakMiB: inMiB(peak),
    afterMiB: inMiB(after),
    heldMiB: inMiB(heap.arena.stats().heldBytes),
    overMiB: inMiB(over),
    fileMiB: inMiB(overFile),
    holds: over - pinBytes <= SLACK_BYTES,
    pinnedChunkMiB: inMiB(pinBytes),
    longestPauseMs: Number(worstStepMs.toFixed(1)),
    stats: trimmer.stats(),
  }),
);
if (values.svg !== undefined) writeFileSync(values.svg, plot());

async function burst() {
  const open = [];
  let pin;
  for (let bytes = 0; bytes < BURST_BYTES * 0.96; bytes += REQUEST_BYTES) {
    const request = heap.open("request", { kind: "bump" });
    fill(request, REQUEST_BYTES);
    open.push(request);
    if (values.pin === true && pin === undefined && bytes >= BURST_BYTES / 2) {
      pin = heap.open("pinned").alloc(100);
    }
    sample();
    await setTimeout(1);
  }
  return { requests: open, pinned: pin };
}

function fill(context, byteLength) {
  for (let done = 0; done < byteLength; done += OBJECT_BYTES) {
    const address = context.alloc(OBJECT_BYTES - 16);
    const chunk = heap.arena.chunkAt(address);
    chunk.u32[(address - chunk.base) >>> 2] = done;
  }
}

function sample() {
  const at = sampleCount++ * SAMPLE_NUMBERS;
  samples[at] = performance.now();
  samples[at + 1] = process.memoryUsage.rss();
  if (values.svg === undefined) return;
  const { heldBytes, usedBytes } = heap.arena.stats();
  samples[at + 2] = heldBytes;
  samples[at + 3] = usedBytes;
}

/** Resident pages of files: of the executable and its libraries. Linux; NaN elsewhere. */
function fileBytes() {
  try {
    return Number(/^RssFile:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
  } catch {
    return NaN;
  }
}

function plot() {
  const width = 900;
  const height = 320;
  const points = Array.from({ length: sampleCount }, (_, index) => {
    const [ms, rss, held, used] = samples.subarray(index * SAMPLE_NUMBERS);
    return { ms, rss, held, used };
  });
  const { ms: began } = points[0];
  const lastMs = points.at(-1).ms - began;
  const top = Math.max(...points.map(({ rss }) => rss));
  const line = (key, colour) =>
    `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points
      .map(
        (point) =>
          `${(((point.ms - began) / lastMs) * width).toFixed(1)},${(height - (point[key] / top) * height).toFixed(1)}`,
      )
      .join(" ")}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -30 ${width + 20} ${height + 60}" font-family="sans-serif" font-size="13">
<rect x="-10" y="-30" width="${width + 20}" height="${height + 60}" fill="white"/>
<text x="0" y="-10">RSS (red), held (blue), used (green): up to ${(top / MIB).toFixed(0)} MiB over ${(lastMs / 1000).toFixed(1)} s, Node ${process.versions.node}</text>
${line("rss", "#c33")}${line("held", "#36c")}${line("used", "#393")}
<line x1="0" y1="${height}" x2="${width}" y2="${height}" stroke="#888"/>
</svg>
`;
}
