/**
 * Replaces objects in one allocset context: the work of `native/replace.c`.
 *
 * Timed are the commands of a pass, the loop that reads them, and the word (its slot) that is written into every new object.
 */
import type { Heap } from "@perfloc/context";
import { type ReplaceCommands, SIZE_BITS, SIZE_MASK } from "../replace-commands.js";
import type { Work } from "./passes.js";

/* Constants of this file's own, for the reason that `malloc-replay.ts` gives. */
const SLOT_SHIFT = SIZE_BITS;
const BYTES_MASK = SIZE_MASK;

/** Call it once per process, for the reason that `makeContextReplay` gives. */
export function makeReplace(heap: Heap, { slotCount, fill, commands }: ReplaceCommands): Work {
  const { arena } = heap;
  const context = heap.open("replace");
  const addresses = new Uint32Array(slotCount);
  for (const [slot, command] of fill.entries()) {
    const address = context.alloc(command & BYTES_MASK);
    const chunk = arena.chunkAt(address);
    chunk.u32[(address - chunk.base) >>> 2] = slot;
    addresses[slot] = address;
  }

  function run(from = 0, to = commands.length, sumBefore = 0): number {
    let checksum = sumBefore;
    for (let at = from; at < to; at++) {
      const command = commands[at]!;
      const slot = command >>> SLOT_SHIFT;
      const bytes = command & BYTES_MASK;
      if (bytes === 0) {
        context.free(addresses[slot]!);
        checksum += slot;
      } else {
        const address = context.alloc(bytes);
        addresses[slot] = address;
        const chunk = arena.chunkAt(address);
        chunk.u32[(address - chunk.base) >>> 2] = slot;
      }
    }
    return checksum;
  }

  function readBack(): number {
    let sum = 0;
    for (const address of addresses) {
      const chunk = arena.chunkAt(address);
      sum += chunk.u32[(address - chunk.base) >>> 2]!;
    }
    return sum;
  }

  return {
    operations: commands.length / 2,
    runsPerPass: 1,
    steps: commands.length,
    run,
    readBack,
    cleanUp,
  };
}

/** Nothing to do: every slot is full again after a pass. */
function cleanUp(): void {}
