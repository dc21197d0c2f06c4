/** How the benchmark sees an allocator that is written in JavaScript. */

/** @typeParam Handle - what stands for an object: an address, a view, the object itself */
export interface PeerAllocator<Handle> {
  /** Makes an object and writes the word into its first four bytes. */
  make(bytes: number, word: number): Handle;
  /** Does nothing where the garbage collector frees: it finds the object when its slot is filled again. */
  free(handle: Handle): void;
  firstWord(handle: Handle): number;
}

/** What an allocator is told about its work. */
export interface PeerSetting {
  /** Live at any time, each of at most 256 bytes. */
  readonly objectCount: number;
  /** The path of what `src/assemblyscript-module.ts` compiled for the runtime `minimal`. */
  readonly tlsfModule: string;
}

type Maker = (setting: PeerSetting) => PeerAllocator<unknown>;

/** Each in a file that only its own process loads. */
export const PEER_ALLOCATORS = {
  "thing-malloc": async (): Promise<Maker> => (await import("./thing-malloc.js")).makeThingMalloc,
  "assemblyscript-tlsf": async (): Promise<Maker> =>
    (await import("./assemblyscript-tlsf.js")).makeTlsf,
  "protobufjs-pool": async (): Promise<Maker> =>
    (await import("./protobufjs-pool.js")).makeProtobufjsPool,
  "typedarray-pool": async (): Promise<Maker> =>
    (await import("./typedarray-pool.js")).makeTypedArrayPool,
  "node-buffer": async (): Promise<Maker> => (await import("./node-buffer.js")).makeNodeBuffer,
  "float64-array": async (): Promise<Maker> =>
    (await import("./float64-array.js")).makeFloat64Arrays,
  "plain-object": async (): Promise<Maker> => (await import("./plain-object.js")).makePlainObjects,
} as const;

export type PeerName = keyof typeof PEER_ALLOCATORS;
