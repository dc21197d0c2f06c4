/**
 * Cuts a context trace at the end of a line, so that its gzip stays below a size, and writes the
 * header anew:
 *
 *     node scripts/cut-context-trace.mjs SOURCE.mct.gz TARGET.mct.gz MAX_BYTES
 *
 * Counts in its own simple way; afterwards the package's parser (run `build` first) must agree with
 * the header.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { readTrace } from "../dist/index.js";

const [source, target, maxBytes] = process.argv.slice(2);
const lines = gunzipSync(readFileSync(source)).toString("latin1").trimEnd().split("\n").slice(1);

let fits = 0;
let tooMany = lines.length + 1;
let best = compress(0);
while (tooMany - fits > 1) {
  const middle = (fits + tooMany) >> 1;
  const bytes = compress(middle);
  if (bytes.length <= Number(maxBytes)) [fits, best] = [middle, bytes];
  else tooMany = middle;
}
writeFileSync(target, best);

const cut = readTrace(target);
console.log(`${target}: ${cut.operationCount} operations in ${best.length} bytes`);

function compress(lineCount) {
  const kept = lines.slice(0, lineCount);
  return gzipSync(`${[describe(kept), ...kept].join("\n")}\n`, { level: 9 });
}

function describe(kept) {
  const children = new Map([["0", new Set()]]);
  const parents = new Map();
  const objects = new Map();
  const owners = new Map();
  const sizes = new Map();
  let contextCount = 0;
  let objectCount = 0;
  let liveBytes = 0;
  let peakLiveBytes = 0;

  const resize = (object, bytes) => {
    liveBytes += bytes - (sizes.get(object) ?? 0);
    peakLiveBytes = Math.max(peakLiveBytes, liveBytes);
    sizes.set(object, bytes);
  };
  const free = (object) => {
    resize(object, 0);
    objects.get(owners.get(object)).delete(object);
  };
  const reset = (context) => {
    for (const object of objects.get(context)) free(object);
  };
  const link = (context, parent) => {
    children.get(parents.get(context))?.delete(context);
    children.get(parent).add(context);
    parents.set(context, parent);
  };
  const drop = (context) => {
    for (const child of children.get(context)) drop(child);
    reset(context);
    children.get(parents.get(context)).delete(context);
  };

  for (const line of kept) {
    const [letter, first, second, third] = line.split(" ");
    if (letter === "c") {
      contextCount++;
      children.set(first, new Set());
      objects.set(first, new Set());
      link(first, second);
    } else if (letter === "a") {
      objectCount++;
      owners.set(second, first);
      objects.get(first).add(second);
      resize(second, Number(third));
    } else if (letter === "r") resize(first, Number(second));
    else if (letter === "f") free(first);
    else if (letter === "R") reset(first);
    else if (letter === "p") link(first, second);
    else if (letter === "D") drop(first);
    else throw new Error(`unknown operation: ${line}`);
  }
  return `# contexts ${contextCount} objects ${objectCount} ops ${kept.length} peak_live_bytes ${peakLiveBytes}`;
}
