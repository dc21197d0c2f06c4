/** The replace rows: who dies, and that every side in JavaScript does the same work as a table of sizes does. */
import { Heap } from "@perfloc/context";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Work } from "../src/perfloc/passes.js";
import { makeReplace } from "../src/perfloc/replace.js";
import { PEER_ALLOCATORS } from "../src/peers/peer-allocator.js";
import { makePeerReplace } from "../src/peers/peer-replace.js";
import {
  binaryReplaceCommands,
  makeReplaceCommands,
  readReplaceCommands,
  type ReplaceCommands,
  type ReplaceOrder,
  SIZE_BITS,
  SIZE_MASK,
} from "../src/replace-commands.js";
import { compileAssemblyScript } from "../src/assemblyscript-module.js";

const ORDERS: ReplaceOrder[] = ["random", "fifo", "lifo"];
const SLOTS = 20;
const LENGTH = 100;

let folder: string;
let tlsfModule: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "perfloc-bench-test-"));
  tlsfModule = compileAssemblyScript(folder, "minimal");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The slots in the order in which their objects die in a pass, and their age at that time: 0 is the oldest object. */
function deathsOf({ slotCount, commands }: ReplaceCommands): { slot: number; age: number }[] {
  const byAge = Array.from({ length: slotCount }, (_, slot) => slot);
  const deaths = [];
  for (const command of commands) {
    const slot = command >>> SIZE_BITS;
    const bytes = command & SIZE_MASK;
    const age = byAge.indexOf(slot);
    expect(age === -1).toBe(bytes !== 0);
    if (bytes === 0) {
      byAge.splice(age, 1);
      deaths.push({ slot, age: age - byAge.length });
    } else {
      expect(bytes).toBeGreaterThanOrEqual(8);
      expect(bytes).toBeLessThanOrEqual(256);
      byAge.push(slot);
    }
  }
  expect(byAge).toHaveLength(slotCount);
  return deaths;
}

test.each(ORDERS)("%s: as many replacements as asked for, every slot full at the end", (order) => {
  const commands = makeReplaceCommands(order, SLOTS, LENGTH);
  expect(commands.fill).toHaveLength(SLOTS);
  expect(deathsOf(commands)).toHaveLength(LENGTH);
});

test("fifo kills the oldest, lifo the newest", () => {
  const oldest = deathsOf(makeReplaceCommands("fifo", SLOTS, LENGTH));
  expect(oldest.every(({ age }) => age === 1 - SLOTS)).toBe(true);
  const newest = deathsOf(makeReplaceCommands("lifo", SLOTS, LENGTH));
  expect(newest.every(({ age }) => age === 0)).toBe(true);
  expect(new Set(newest.map(({ slot }) => slot)).size).toBeGreaterThan(SLOTS / 2);
});

test("the same commands every time, and read back from their file", () => {
  const commands = makeReplaceCommands("random", SLOTS, LENGTH);
  expect(makeReplaceCommands("random", SLOTS, LENGTH)).toEqual(commands);
  const path = join(folder, "commands.bin");
  writeFileSync(path, binaryReplaceCommands(commands));
  expect(readReplaceCommands(path)).toEqual(commands);
  expect(() => readReplaceCommands(tlsfModule)).toThrow("expected commands of a replace row");
});

/** Of one pass: the slots that died, and then the words of all slots. */
function checksumOf(commands: ReplaceCommands): number {
  const died = deathsOf(commands).reduce((sum, { slot }) => sum + slot, 0);
  return died + (SLOTS * (SLOTS - 1)) / 2;
}

function checkChecksums(work: Work, commands: ReplaceCommands): void {
  expect(work.operations).toBe(LENGTH);
  for (let pass = 0; pass < 3; pass++) {
    expect(work.run() + work.readBack!()).toBe(checksumOf(commands));
    work.cleanUp();
  }
}

test.each(ORDERS)("%s in Perfloc: the checksum, pass after pass", (order) => {
  const commands = makeReplaceCommands(order, SLOTS, LENGTH);
  for (const check of ["check", "off"] as const) {
    using heap = new Heap({ check });
    checkChecksums(makeReplace(heap, commands), commands);
    heap.verify();
    expect(heap.stats().children).toMatchObject([{ liveObjects: SLOTS }]);
  }
});

const peers = Object.entries(PEER_ALLOCATORS);
test.each(peers)("%s: the checksum of every order, pass after pass", async (_, load) => {
  const makeAllocator = await load();
  for (const order of ORDERS) {
    const commands = makeReplaceCommands(order, SLOTS, LENGTH);
    const allocator = makeAllocator({ objectCount: SLOTS, tlsfModule });
    checkChecksums(makePeerReplace(allocator, commands), commands);
  }
});

test("AssemblyScript's memory holds the largest row without growing", async () => {
  const commands = makeReplaceCommands("random", 100_000, 200_000);
  const allocator = (await PEER_ALLOCATORS["assemblyscript-tlsf"]())({
    objectCount: 0,
    tlsfModule,
  });
  const work = makePeerReplace(allocator, commands);
  expect(work.run() + work.readBack!()).toBe(work.run() + work.readBack!());
});
