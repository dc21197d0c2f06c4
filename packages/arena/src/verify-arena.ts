/**
 * The walker: reads every record of every top chunk and checks each fact against the other records of it.
 *
 *   1 a held chunk covers exactly the slots that its addresses lie in, and no two chunks share one; its first and its last
 *     address are found in it
 *   2 runs tile: a run of n pages is followed by its n - 1 interior pages, and ends inside the chunk
 *   3 usedBytes of a chunk = the sum of its runs; the sum over chunks = the arena's usedBytes; runs = spanCount
 *   4 the buddy tree, rebuilt from the runs and the parked spans alone, has the same room; the pages of parked spans are free
 *     and have no owner
 *   5 heldBytes = usedBytes + freeBytes + nullBytes = the sum of the chunks' byteLength
 */
import { NULL_ADDRESS, PAGE_BYTES } from "./address.js";
import type { Arena } from "./arena.js";
import { CorruptionError } from "./errors.js";
import { PageBuddy } from "./page-buddy.js";
import { MAX_PARKED_ORDER } from "./parked-spans.js";
import type { SlotLadder } from "./slot-ladder.js";
import type { TopChunk } from "./top-chunk.js";

/** @throws CorruptionError at the first record that disagrees with another */
export function verifyArena(
  arena: Arena,
  ladder: SlotLadder,
  slots: readonly (TopChunk | undefined)[],
): void {
  let heldBytes = 0;
  let usedBytes = 0;
  let spanCount = 0;
  let coveredSlots = 0;
  for (const chunk of arena.chunks) {
    expectFact(arena.chunks[chunk.index] === chunk, chunk.base, "a chunk is not at its index");
    if (!chunk.isHeld) {
      expectFact(chunk.byteLength + chunk.usedBytes === 0, chunk.base, "a vacant chunk has bytes");
      continue;
    }
    coveredSlots += verifySlots(chunk, ladder, slots);
    verifyLookUp(arena, chunk);
    const spans = verifyRuns(chunk);
    heldBytes += chunk.byteLength;
    usedBytes += chunk.usedBytes;
    spanCount += spans;
  }
  const stats = arena.stats();
  const slotsTaken = slots.filter((chunk) => chunk !== undefined).length;
  expectFact(slotsTaken === coveredSlots, 0, "a slot points at a chunk that does not cover it");
  expectFact(stats.heldBytes === heldBytes, 0, "held bytes are not the sum over the chunks");
  expectFact(stats.usedBytes === usedBytes, 0, "used bytes are not the sum over the chunks");
  expectFact(stats.spanCount === spanCount, 0, "the span count is not the sum over the chunks");
  expectFact(
    stats.heldBytes === stats.usedBytes + stats.freeBytes + stats.nullBytes,
    0,
    "held bytes are not used + free + null bytes",
  );
}

function verifySlots(
  chunk: TopChunk,
  ladder: SlotLadder,
  slots: readonly (TopChunk | undefined)[],
): number {
  const first = ladder.slotOf(chunk.base);
  const last = ladder.slotOf(chunk.base + chunk.byteLength - 1);
  for (let slot = first; slot <= last; slot++) {
    expectFact(
      slots[slot] === chunk,
      chunk.base,
      "a slot that a chunk covers does not point at it",
    );
  }
  return last - first + 1;
}

function verifyLookUp(arena: Arena, chunk: TopChunk): void {
  // Address 0 is NULL, which lies nowhere.
  for (const address of [chunk.base + 1, chunk.base + chunk.byteLength - 1])
    expectFact(arena.findChunk(address) === chunk, address, "an address does not find its chunk");
}

/** Answers how many spans the chunk has. */
function verifyRuns(chunk: TopChunk): number {
  const pageCount = chunk.byteLength / PAGE_BYTES;
  const buddy = new PageBuddy(pageCount);
  let page = 0;
  if (chunk.base === NULL_ADDRESS) {
    buddy.occupy(0, 1);
    page = 1;
  }
  let usedPages = 0;
  let spans = 0;
  while (page < pageCount) {
    const run = chunk.runAt(page);
    const address = chunk.base + page * PAGE_BYTES;
    expectFact(run >= 0, address, "an interior page has no span before it");
    expectFact(page + run <= pageCount, address, "a span reaches past its chunk");
    for (let distance = 1; distance < run; distance++) {
      expectFact(
        chunk.runAt(page + distance) === -distance,
        address,
        "an interior page of a span is lost",
      );
    }
    if (run > 0) {
      buddy.occupy(page, run);
      usedPages += run;
      spans++;
    }
    page += run === 0 ? 1 : run;
  }
  expectFact(
    usedPages * PAGE_BYTES === chunk.usedBytes,
    chunk.base,
    "used bytes are not the sum of the spans",
  );
  verifyParked(chunk, buddy);
  expectFact(buddy.room === chunk.room, chunk.base, "the buddy tree disagrees with the spans");
  return spans;
}

/** Occupies the parked spans of the chunk in `buddy`, where only spans are occupied yet. */
function verifyParked(chunk: TopChunk, buddy: PageBuddy): void {
  for (let order = 0; order <= MAX_PARKED_ORDER; order++) {
    for (let owner = chunk.newestParked(order); owner !== undefined; owner = owner.nextParked) {
      const first = (owner.base - chunk.base) / PAGE_BYTES;
      for (let page = first; page < first + (1 << order); page++) {
        const address = chunk.base + page * PAGE_BYTES;
        expectFact(chunk.runAt(page) === 0, address, "a page of a parked span is taken");
        expectFact(chunk.ownerAt(address) === undefined, address, "a parked span has an owner");
      }
      buddy.occupy(first, 1 << order);
    }
  }
}

function expectFact(holds: boolean, address: number, fact: string): void {
  if (!holds) throw new CorruptionError("PERFLOC_ARENA_CORRUPT", address, fact);
}
