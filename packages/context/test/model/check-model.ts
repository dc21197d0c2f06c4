/** Compares everything that a heap shows with what the model knows. */
import type { ContextStats, HeapStats } from "@perfloc/context";
import type { ContextRecord } from "./context-record.js";
import { checkSame, fail } from "./fail.js";
import type { HeapModel } from "./heap-model.js";

/** The whole heap: records, bytes and figures. */
export function checkEverything(model: HeapModel): void {
  model.heap.verify();
  checkAllBytes(model);
  checkFigures(model);
}

/** Every byte of every live object. */
export function checkAllBytes(model: HeapModel): void {
  for (const context of model.contexts) {
    for (const object of context.objects) model.checkBytes(context, object);
  }
}

/** The equations of the stats, and the tree that they draw. */
export function checkFigures(model: HeapModel): void {
  const stats = model.heap.stats();
  checkSame(stats.contexts, model.contexts.length, "open contexts");
  checkSame(stats.contextsOpened, model.opened, "contexts opened");
  checkSame(stats.contextsDropped, model.opened - model.contexts.length, "contexts dropped");
  checkSame(stats.resets, model.resets, "resets");
  checkSums(stats);
  checkChildren(stats.children, model.tops, model.isGuarded);
  const { arena } = stats;
  checkSame(stats.heldBytes, arena.heldBytes, "held bytes of the heap and of its arena");
  checkSame(arena.heldBytes, arena.usedBytes + arena.freeBytes + arena.nullBytes, "held bytes");
  checkSame(arena.heldBytes, arena.reservedBytesTotal - arena.releasedBytesTotal, "held bytes");
  if (arena.usedBytes < stats.usedBytes) fail("the heap uses more than its arena");
}

/** The sums of a heap, over its whole tree. */
function checkSums(stats: HeapStats): void {
  const { children } = stats;
  checkSame(stats.usedBytes, sumOf(children, "subtreeUsedBytes"), "used bytes of the heap");
  checkSame(stats.liveBytes, sumOf(children, "subtreeLiveBytes"), "live bytes of the heap");
  checkSame(stats.contexts, sumOf(children, "subtreeContexts"), "contexts of the heap");
  checkSame(
    stats.usedBytes,
    stats.liveBytes + stats.freeBytes + stats.headerBytes,
    "used = live + free + header bytes of the heap",
  );
}

function checkChildren(
  stats: readonly ContextStats[],
  records: readonly ContextRecord[],
  isGuarded: boolean,
): void {
  checkSame(stats.length, records.length, "number of children");
  for (const [position, child] of stats.entries()) {
    checkContext(child, records[records.length - 1 - position]!, isGuarded);
  }
}

function checkContext(stats: ContextStats, record: ContextRecord, isGuarded: boolean): void {
  const { name, kind, children } = stats;
  checkSame(name, record.name, "name");
  checkSame(kind, record.kind, `kind of ${name}`);
  checkSame(record.real.parent, record.parent?.real, `parent of ${name}`);
  checkSame(stats.level, [...record.ancestry()].length, `level of ${name}`);
  checkSame(stats.path.length, stats.level, `path length of ${name}`);
  checkSame(stats.path.at(-1), name, `end of the path of ${name}`);
  checkSame(stats.limitBytes, record.limitBytes, `limit of ${name}`);
  checkSame(
    stats.usedBytes,
    stats.liveBytes + stats.freeBytes + stats.headerBytes,
    `used = live + free + header bytes of ${name}`,
  );
  const isCounted = kind !== "bump";
  checkSame(stats.liveObjects, isCounted ? record.objects.length : undefined, `objects of ${name}`);
  checkLiveBytes(stats, record, isGuarded);
  checkSame(
    stats.subtreeUsedBytes,
    stats.usedBytes + sumOf(children, "subtreeUsedBytes"),
    `bytes used below ${name}`,
  );
  checkSame(
    stats.subtreeLiveBytes,
    stats.liveBytes + sumOf(children, "subtreeLiveBytes"),
    `bytes live below ${name}`,
  );
  checkSame(
    stats.subtreeContexts,
    1 + sumOf(children, "subtreeContexts"),
    `contexts below ${name}`,
  );
  if (stats.subtreeUsedBytes > record.allowedBytes) {
    fail(
      `${name} holds ${stats.subtreeUsedBytes} bytes, but only ${record.allowedBytes} are allowed`,
    );
  }
  // What drained away may not come back above the limit.
  record.allowedBytes = Math.max(record.limitBytes, stats.subtreeUsedBytes);
  checkChildren(children, record.children, isGuarded);
}

function checkLiveBytes(stats: ContextStats, record: ContextRecord, isGuarded: boolean): void {
  let askedBytes = 0;
  for (const { byteLength } of record.objects) askedBytes += byteLength;
  if (stats.liveBytes < askedBytes) {
    fail(`${record.name} has ${stats.liveBytes} live bytes for ${askedBytes} that were asked for`);
  }
  // Slots with canaries are longer.
  if (record.kind === "slab" && !isGuarded) {
    checkSame(stats.liveBytes, record.objects.length * record.slotBytes, "live bytes of a slab");
  }
}

function sumOf(
  stats: readonly ContextStats[],
  figure: "subtreeUsedBytes" | "subtreeLiveBytes" | "subtreeContexts",
): number {
  return stats.reduce((sum, context) => sum + context[figure], 0);
}
