/**
 * What the `replace` rows do, as a file that the program in C (`native/replace.c`) and those in JavaScript read: 32-bit integers
 * in the byte order of this machine.
 *
 *     magic, slots, commands      then the commands, each      slot << 9 | bytes
 *
 * A slot holds a live object. A command without bytes frees that of its slot, another one allocates there. The first commands
 * fill each slot once, in order; the rest is a pass. It ends with every slot full, and so may follow itself.
 */
import { randomFrom } from "@perfloc-tooling/testkit";
import { readFileSync } from "node:fs";

/** "PLRC" as it lies in memory on a little-endian machine. */
const MAGIC = 0x43524c50;
const HEADER_LENGTH = 3;

/** Of a command: those that hold the size. */
export const SIZE_BITS = 9;
export const SIZE_MASK: number = (1 << SIZE_BITS) - 1;

const MIN_BYTES = 8;
const MAX_BYTES = 256;

const SEED = 1_024;

/**
 * Which object dies:
 *
 * - `random`: any
 * - `fifo`: the oldest
 * - `lifo`: the newest ones. So that not one slot alone is ever replaced, 1 to all of them die, and then as many are made
 */
export type ReplaceOrder = "random" | "fifo" | "lifo";

export interface ReplaceCommands {
  readonly slotCount: number;
  readonly fill: Int32Array;
  /** A pass. */
  readonly commands: Int32Array;
}

/** @param replacementCount - in a pass; for `fifo` a multiple of the slots, so that the next pass goes on with the oldest */
export function makeReplaceCommands(
  order: ReplaceOrder,
  slotCount: number,
  replacementCount: number,
): ReplaceCommands {
  const random = randomFrom(SEED);
  const below = (end: number): number => Math.floor(random() * end);
  const fillSlot = (slot: number): number =>
    (slot << SIZE_BITS) | (MIN_BYTES + below(MAX_BYTES - MIN_BYTES + 1));

  const fill = Int32Array.from({ length: slotCount }, (_, slot) => fillSlot(slot));
  const commands: number[] = [];
  for (let done = 0; done < replacementCount;) {
    // The last of them dies first, and is made last.
    const slots = dyingSlots(order, slotCount, done, below);
    const count = Math.min(slots.count, replacementCount - done);
    const end = slots.first + slots.count;
    for (let slot = end - 1; slot >= end - count; slot--) commands.push(slot << SIZE_BITS);
    for (let slot = end - count; slot < end; slot++) commands.push(fillSlot(slot));
    done += count;
  }
  return { slotCount, fill, commands: Int32Array.from(commands) };
}

function dyingSlots(
  order: ReplaceOrder,
  slotCount: number,
  done: number,
  below: (end: number) => number,
): { first: number; count: number } {
  if (order === "random") return { first: below(slotCount), count: 1 };
  if (order === "fifo") return { first: done % slotCount, count: 1 };
  const count = 1 + below(slotCount);
  return { first: slotCount - count, count };
}

/** @returns the bytes of the file */
export function binaryReplaceCommands({ slotCount, fill, commands }: ReplaceCommands): Uint8Array {
  const integers = new Int32Array(HEADER_LENGTH + fill.length + commands.length);
  integers.set([MAGIC, slotCount, fill.length + commands.length]);
  integers.set(fill, HEADER_LENGTH);
  integers.set(commands, HEADER_LENGTH + fill.length);
  return new Uint8Array(integers.buffer);
}

/** @throws TypeError if the file holds something else */
export function readReplaceCommands(path: string): ReplaceCommands {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const integers = new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);
  const [magic, slotCount = 0] = integers;
  if (magic !== MAGIC) throw new TypeError(`${path}: expected commands of a replace row`);
  const fillEnd = HEADER_LENGTH + slotCount;
  return {
    slotCount,
    fill: integers.slice(HEADER_LENGTH, fillEnd),
    commands: integers.slice(fillEnd),
  };
}
