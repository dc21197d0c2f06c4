/** Replaces objects in a peer written in JavaScript: the work of `perfloc/replace.ts`. */
import type { Work } from "../perfloc/passes.js";
import { type ReplaceCommands, SIZE_BITS, SIZE_MASK } from "../replace-commands.js";
import type { PeerAllocator } from "./peer-allocator.js";

/* Constants of this file's own, for the reason that `perfloc/malloc-replay.ts` gives. */
const SLOT_SHIFT = SIZE_BITS;
const BYTES_MASK = SIZE_MASK;

/** Call it once per process: V8 compiles the functions of the one allocator that it has seen into the loop. */
export function makePeerReplace<Handle>(
  allocator: PeerAllocator<Handle>,
  { fill, commands }: ReplaceCommands,
): Work {
  const handles = Array.from(fill, (command, slot) => allocator.make(command & BYTES_MASK, slot));

  function run(from = 0, to = commands.length, sumBefore = 0): number {
    let checksum = sumBefore;
    for (let at = from; at < to; at++) {
      const command = commands[at]!;
      const slot = command >>> SLOT_SHIFT;
      const bytes = command & BYTES_MASK;
      if (bytes === 0) {
        allocator.free(handles[slot]!);
        checksum += slot;
      } else {
        handles[slot] = allocator.make(bytes, slot);
      }
    }
    return checksum;
  }

  function readBack(): number {
    let sum = 0;
    for (const handle of handles) sum += allocator.firstWord(handle);
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
