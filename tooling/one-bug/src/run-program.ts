/** Runs a program on a level and says how it ended. */
import { type CheckLevel, Heap, PerflocError } from "@perfloc/typed";
import type { BugProgram, Scene } from "./program.js";

/** A heap whose program ended early is left to the garbage collector. */
function ignore(): void {
  // Nothing to tell: the program had a bug.
}

/** How a program ended: the code of its error, `clean`, or the name of an error that is none of the library's. */
export function runProgram(program: BugProgram, check: CheckLevel): string {
  const heap = new Heap({ check, sampleEvery: 1, onLeak: ignore });
  const scene: Scene = {
    heap,
    context: heap.open("scene"),
    poke(address, value) {
      const { u8, base } = heap.arena.chunkAt(address);
      u8[address - base] = value;
    },
  };
  try {
    program.run(scene);
    heap.dispose();
    return "clean";
  } catch (error) {
    return error instanceof PerflocError ? error.code : String(error);
  }
}
