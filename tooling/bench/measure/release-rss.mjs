/**
 * Does memory that the arena gives back really leave the process? 512 MiB held and touched, everything released but
 * 2 MiB, `releaseChunk` on each empty chunk; the resident set size is read before, at the peak, and after 0 to 5 turns
 * of the event loop. No garbage collection is forced.
 *
 *   node tooling/bench/measure/release-rss.mjs [--runs=3]        (build @perfloc/arena first)
 *   node tooling/bench/measure/release-rss.mjs --json [--warm]    the arena's defaults alone, as one line
 *   pnpm resident-set                                             that line on each supported Node, cold and warm
 *
 * Each case runs in a process of its own, and three load cycles in it: glibc raises its threshold for mapped blocks when
 * it sees one freed, so that what a source keeps shows from the second cycle on. Cold is the first cycle of a process, without what
 * `rehearse` does; warm is the third one after it. Linux only (reads /proc).
 * The figures of docs/adr/0002-release-on-node-20.md come from here.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { Arena, ArrayBufferSource } from "@perfloc/arena";

const KIB = 1024;
const MIB = 1024 * KIB;
const LOAD_BYTES = 512 * MIB;
const NEED_BYTES = 2 * MIB;
/** What the result may exceed the need by: JavaScript heap, compiled code, malloc's own. */
const SLACK_BYTES = 4 * MIB;
const TURNS = 5;
const CYCLES = 3;
const SPAN_BYTES = 64 * KIB;
/** The spans that fill the chunks of 64 KiB to 1 MiB: together with their unused first chunk 2 MiB. */
const NEED_SPANS = NEED_BYTES / SPAN_BYTES - 1;

/** Above every mmap threshold that glibc can reach. */
const MAPPED_BYTES = 33 * MIB;

/** Reserves 33 MiB for ranges from `minMappedBytes`, the rest as long as asked; releases as the default source does. */
class TrialSource extends ArrayBufferSource {
  #minMappedBytes;

  constructor(minMappedBytes) {
    super();
    this.#minMappedBytes = minMappedBytes;
  }

  acquire(byteLength) {
    const isMapped = byteLength >= this.#minMappedBytes && byteLength < MAPPED_BYTES;
    return { buffer: new ArrayBuffer(isMapped ? MAPPED_BYTES : byteLength), byteOffset: 0 };
  }
}

/** Gives nothing back but the reference: what a program without a release does. */
class DroppingSource extends ArrayBufferSource {
  release() {}
}

const sources = {
  "the arena's source": () => new ArrayBufferSource(),
  "exact length, detached": () => new TrialSource(Infinity),
  "33 MiB from 4 KiB on": () => new TrialSource(4 * KIB),
  "33 MiB from 256 KiB on": () => new TrialSource(256 * KIB),
  "33 MiB from 1 MiB on": () => new TrialSource(MIB),
  "33 MiB from 4 MiB on": () => new TrialSource(4 * MIB),
  "reference dropped": () => new DroppingSource(),
};

/** Chunk lengths: `initial` doubling up to `cap`; first the default. */
const shapes = {
  "32 KiB..32 MiB": {},
  "32 KiB..64 MiB": { initialChunkBytes: 32 * KIB, maxChunkBytes: 64 * MIB },
  "32 KiB..4 MiB": { initialChunkBytes: 32 * KIB, maxChunkBytes: 4 * MIB },
  "32 KiB..512 KiB": { initialChunkBytes: 32 * KIB, maxChunkBytes: 512 * KIB },
};

const [, , ...words] = process.argv;
const job = words.find((word) => word.startsWith("{"));
if (words.includes("--json") === true) {
  await printLine(words.includes("--warm") === true);
} else if (job === undefined) {
  const runs = Number(words.find((word) => word.startsWith("--runs="))?.slice(7) ?? 3);
  printReport(runs);
} else {
  process.stdout.write(JSON.stringify(await measure(JSON.parse(job))));
}

async function measure({ source, shape }) {
  const majorCollections = countMajorCollections();
  const cold = process.memoryUsage.rss();
  await rehearse();
  const before = process.memoryUsage.rss();
  const arena = new Arena({ ...shapes[shape], source: sources[source]() });
  const cycles = await repeat(CYCLES, () => loadOnce(arena));
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { cold, before, cycles, majorCollections: majorCollections.count };
}

/** What the arena's defaults keep, in the form that `live-rss` of the trim lab prints. */
async function printLine(isWarm) {
  if (isWarm === true) await rehearse();
  const baseFile = statusBytes("RssFile");
  const base = process.memoryUsage.rss();
  const arena = new Arena();
  const { peak, after } = (await repeat(isWarm === true ? CYCLES : 1, () => loadOnce(arena))).at(
    -1,
  );
  const over = after.at(-1) - base - NEED_BYTES;
  const overFile = statusBytes("RssFile") - baseFile;
  const line = {
    node: process.versions.node,
    isWarm,
    baseMiB: Number(mib(base)),
    needMiB: Number(mib(NEED_BYTES)),
    peakMiB: Number(mib(peak)),
    afterMiB: Number(mib(after.at(-1))),
    overMiB: Number(mib(over)),
    fileMiB: Number(mib(overFile)),
    holds: over <= SLACK_BYTES,
  };
  console.log(JSON.stringify(line));
}

/** Load, release of everything but the need, and what the process holds then. */
async function loadOnce(arena) {
  const spans = [];
  const began = performance.now();
  for (let at = 0; at < LOAD_BYTES; at += SPAN_BYTES) spans.push(reserveTouched(arena));
  const loadMs = performance.now() - began;
  const peak = process.memoryUsage.rss();
  const addressSpace = statusBytes("VmSize");
  const { arrayBuffers } = process.memoryUsage();
  while (spans.length > NEED_SPANS) arena.release(spans.pop());
  for (const chunk of arena.chunks) if (chunk.usedBytes === 0) arena.releaseChunk(chunk.index);
  const after = [process.memoryUsage.rss()];
  await repeat(TURNS, async () => {
    await nextTurn();
    after.push(process.memoryUsage.rss());
  });
  arena.verify();
  while (spans.length > 0) arena.release(spans.pop());
  return { loadMs, peak, addressSpace, arrayBuffers, after };
}

/**
 * The same load once before, in chunks of 64 MiB: glibc maps those by themselves in any case, so nothing of them stays.
 * What the process is larger by afterwards is the engine's: code pages, its collector's threads, the JavaScript heap.
 */
async function rehearse() {
  const arena = new Arena({ initialChunkBytes: 64 * MIB });
  for (let round = 0; round < 2; round++) {
    const spans = [];
    for (let at = 0; at < LOAD_BYTES; at += SPAN_BYTES) spans.push(reserveTouched(arena));
    while (spans.length > 0) arena.release(spans.pop());
    for (const chunk of arena.chunks) arena.releaseChunk(chunk.index);
  }
  statusBytes("VmSize");
  await repeat(50, nextTurn);
}

function reserveTouched(arena) {
  const span = arena.reserve(SPAN_BYTES);
  const chunk = arena.chunkAt(span);
  const begin = span - chunk.base;
  chunk.u8.fill(0xa5, begin, begin + SPAN_BYTES);
  return span;
}

function nextTurn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Does `work` again when the one before has ended. */
async function repeat(count, work) {
  return count === 0 ? [] : [await work(), ...(await repeat(count - 1, work))];
}

function statusBytes(field) {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(
    readFileSync("/proc/self/status", "utf8"),
  );
  return Number(line[1]) * KIB;
}

/** Kind 4 is V8's mark-compact. */
function countMajorCollections() {
  const counter = { count: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.detail.kind === 4) counter.count++;
  }).observe({ entryTypes: ["gc"] });
  return counter;
}

function printReport(runs) {
  process.stdout.write(
    `Node ${process.version}, MiB, worst of ${runs} runs; third of ${CYCLES} load cycles\n\n`,
  );
  const head = ["chunks", "source", "cold", "before", "peak"];
  for (let turn = 0; turn <= TURNS; turn++) head.push(`turn ${turn}`);
  head.push("over need", "holds", "VmSize", "arrayBuffers", "major GCs", "best load ms");
  print(head);
  print(head.map(() => "---"));
  for (const shape of Object.keys(shapes)) {
    for (const source of Object.keys(sources)) printCase(shape, source, runs);
  }
}

function printCase(shape, source, runs) {
  const file = fileURLToPath(import.meta.url);
  const input = JSON.stringify({ shape, source });
  const results = Array.from({ length: runs }, () =>
    JSON.parse(execFileSync(process.execPath, [file, input], { encoding: "utf8" })),
  );
  const worst = results.toSorted((a, b) => excess(b) - excess(a))[0];
  const last = worst.cycles.at(-1);
  print([
    shape,
    source,
    mib(worst.cold),
    mib(worst.before),
    mib(last.peak),
    ...last.after.map(mib),
    mib(excess(worst)),
    excess(worst) <= SLACK_BYTES ? "yes" : "NO",
    mib(last.addressSpace),
    mib(last.arrayBuffers),
    Math.max(...results.map((result) => result.majorCollections)),
    Math.round(Math.min(...results.flatMap(({ cycles }) => cycles.map(({ loadMs }) => loadMs)))),
  ]);
}

/** What stayed beyond the need, five turns after the last cycle. */
function excess({ before, cycles }) {
  return cycles.at(-1).after.at(-1) - before - NEED_BYTES;
}

function mib(byteLength) {
  return (byteLength / MIB).toFixed(1);
}

function print(cells) {
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
}
