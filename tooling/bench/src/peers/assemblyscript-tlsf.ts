/**
 * The allocator of AssemblyScript's runtime, a TLSF in the memory of a WebAssembly module. Every call goes from JavaScript into
 * the module and back.
 */
import { readFileSync } from "node:fs";
import type { PeerAllocator, PeerSetting } from "./peer-allocator.js";

/** What is used of WebAssembly: Node's types leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

interface Exports {
  readonly malloc: (bytes: number) => number;
  readonly free: (address: number) => void;
  readonly memory: { readonly buffer: ArrayBuffer };
}

export function makeTlsf({ tlsfModule }: PeerSetting): PeerAllocator<number> {
  const module = new WebAssembly.Module(readFileSync(tlsfModule));
  const { exports } = new WebAssembly.Instance(module, { env: { abort: outOfMemory } });
  const { malloc, free, memory } = exports as Exports;
  // The memory is large enough from the start: growing would take the bytes away from under this array.
  const words = new Uint32Array(memory.buffer);
  return {
    make(bytes, word) {
      const address = malloc(bytes);
      words[address >>> 2] = word;
      return address;
    },
    free,
    firstWord: (address) => words[address >>> 2]!,
  };
}

function outOfMemory(): never {
  throw new RangeError("the module ran out of memory");
}
