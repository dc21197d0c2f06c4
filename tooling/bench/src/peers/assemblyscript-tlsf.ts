/**
 * The allocator of AssemblyScript's runtime, a TLSF in the memory of a WebAssembly module. Every call goes from JavaScript into
 * the module and back.
 */
import { instantiate } from "./assemblyscript-instance.js";
import type { PeerAllocator, PeerSetting } from "./peer-allocator.js";

interface Exports {
  readonly malloc: (bytes: number) => number;
  readonly free: (address: number) => void;
  readonly memory: { readonly buffer: ArrayBuffer };
}

export function makeTlsf({ tlsfModule }: PeerSetting): PeerAllocator<number> {
  const { malloc, free, memory } = instantiate(tlsfModule) as Exports;
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
