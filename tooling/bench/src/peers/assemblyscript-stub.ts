/**
 * The other allocator of AssemblyScript's runtimes: it bumps an address in the memory of a WebAssembly module. Every call goes
 * from JavaScript into the module and back.
 */
import type { Work } from "../perfloc/passes.js";
import { BUMP_OBJECT_BYTES, runsPerBumpPass } from "../bump-shape.js";
import { instantiate } from "./assemblyscript-instance.js";

/** The module's own copy, as in `bump-fill.ts`. */
const OBJECT_BYTES = BUMP_OBJECT_BYTES;

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

  return {
    operations: objectCount,
    runsPerPass: runsPerBumpPass(objectCount),
    run,
    cleanUp() {},
  };
}
