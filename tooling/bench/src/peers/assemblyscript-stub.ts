/**
 * The other allocator of AssemblyScript's runtimes: it bumps an address in the memory of a WebAssembly module. Every call goes
 * from JavaScript into the module and back.
 */
import type { Work } from "../perfloc/passes.js";
import { MIN_OBJECTS_PER_PASS, OBJECT_BYTES } from "../perfloc/bump-fill.js";
import { instantiate } from "./assemblyscript-instance.js";

interface Exports {
  readonly malloc: (bytes: number) => number;
  readonly reset: () => void;
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** The work of `perfloc/bump-fill.ts`. */
export function makeStubFill(module: string, objectCount: number): Work {
  const { malloc, reset, memory } = instantiate(module) as Exports;
  const words = new Uint32Array(memory.buffer);

  function fill(): void {
    for (let index = 0; index < objectCount; index++) words[malloc(OBJECT_BYTES) >>> 2] = index;
  }

  // As in `bump-fill.ts`: the words of one fill, read back before the first pass.
  let checksum = 0;
  for (let index = 0; index < objectCount; index++) {
    const address = malloc(OBJECT_BYTES);
    words[address >>> 2] = index;
    checksum += words[address >>> 2]!;
  }
  reset();

  function run(): number {
    fill();
    reset();
    return checksum;
  }

  const runsPerPass = Math.ceil(MIN_OBJECTS_PER_PASS / objectCount);
  return { operations: objectCount, runsPerPass, run, cleanUp() {} };
}
