/**
 * Does memory go back by itself? A burst of 512 MiB under a started trimmer with the default policy, then 2 MiB live; the
 * resident set and the held bytes are read every 50 ms until 15 s after the burst. No garbage collection is forced.
 *
 *   node tooling/trim-lab/measure/live-rss.mjs [--pin] [--svg FILE]      (build first)
 *   npx -y node@22 tooling/trim-lab/measure/live-rss.mjs
 *
 * `--warm` has the same burst once before, so that what the engine itself adds (compiled code, its allocator's arenas) is in
 * the base. `--pin` leaves one context of 4 KiB alive from the middle of the burst. Linux and others: process.memoryUsage.rss().
 */
/* oxlint-disable no-await-in-loop -- time passes between two samples: that is what is measured */
import { writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Heap, Trimmer } from "@perfloc/trim";

const MIB = 1024 * 1024;
const BURST_BYTES = 512 * MIB;
const LASTING_BYTES = 2 * MIB;
const OBJECT_BYTES = 4096;
const REQUEST_BYTES = 4 * MIB;
const SAMPLE_MS = 50;
const AFTER_MS = 15_000;
/** What the result may exceed base and need by. */
const SLACK_BYTES = 6 * MIB;

const { values } = parseArgs({
  options: {
    pin: { type: "boolean", default: false },
    warm: { type: "boolean", default: false },
    svg: { type: "string" },
  },
});

const samples = [];
const began = performance.now();
const heap = new Heap();
const trimmer = new Trimmer(heap).start();
fill(heap.open("lasting"), LASTING_BYTES);
if (values.warm === true) {
  const { requests: warmUp } = await burst();
  for (const request of warmUp) request.drop();
  await setTimeout(AFTER_MS);
  samples.length = 0;
}
await setTimeout(500);
const base = process.memoryUsage.rss();
const { requests, pinned } = await burst();
const peak = sample();
const pinBytes = pinned === undefined ? 0 : pinned.arena.chunkAt(pinned.address).byteLength;
for (const request of requests) request.drop();
const fell = performance.now();
let worstStepMs = 0;
while (performance.now() - fell < AFTER_MS) {
  sample();
  const before = performance.now();
  await setTimeout(SAMPLE_MS);
  worstStepMs = Math.max(worstStepMs, performance.now() - before - SAMPLE_MS);
}
const end = sample();
const inMiB = (bytes) => Number((bytes / MIB).toFixed(1));
console.log(
  JSON.stringify({
    node: process.versions.node,
    baseMiB: inMiB(base),
    peakMiB: inMiB(peak.rss),
    endMiB: inMiB(end.rss),
    heldAtEndMiB: inMiB(end.held),
    overMiB: inMiB(end.rss - base),
    allowedMiB: inMiB(SLACK_BYTES),
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
      const context = heap.open("pinned");
      pin = { arena: heap.arena, address: context.alloc(100) };
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
  const point = {
    ms: performance.now() - began,
    rss: process.memoryUsage.rss(),
    held: heap.arena.stats().heldBytes,
    used: heap.arena.stats().usedBytes,
  };
  samples.push(point);
  return point;
}

function plot() {
  const width = 900;
  const height = 320;
  const last = samples.at(-1).ms;
  const top = Math.max(...samples.map(({ rss }) => rss));
  const line = (key, colour) =>
    `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${samples
      .map(
        (point) =>
          `${((point.ms / last) * width).toFixed(1)},${(height - (point[key] / top) * height).toFixed(1)}`,
      )
      .join(" ")}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -30 ${width + 20} ${height + 60}" font-family="sans-serif" font-size="13">
<rect x="-10" y="-30" width="${width + 20}" height="${height + 60}" fill="white"/>
<text x="0" y="-10">RSS (red), held (blue), used (green): up to ${(top / MIB).toFixed(0)} MiB over ${(last / 1000).toFixed(1)} s, Node ${process.versions.node}</text>
${line("rss", "#c33")}${line("held", "#36c")}${line("used", "#393")}
<line x1="0" y1="${height}" x2="${width}" y2="${height}" stroke="#888"/>
</svg>
`;
}
