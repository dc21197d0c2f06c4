/** The records of a service in one context; the addresses lie in a typed array. */
import type { ContextOptions, Heap } from "@perfloc/context";
import type { RecordStore } from "../record-service.js";

/** Two doubles, the id, and the flags: 21 bytes, and padding to the next multiple of 8, as a C compiler would lay them out. */
const RECORD_BYTES = 24;

export type RecordContextKind = "allocset" | "slab";

/** Call it once per process, for the reason that `makeContextReplay` gives. */
export function makeRecordContext(
  heap: Heap,
  kind: RecordContextKind,
  recordCount: number,
): RecordStore {
  const { arena } = heap;
  const options: ContextOptions = kind === "slab" ? { kind, slotBytes: RECORD_BYTES } : { kind };
  const context = heap.open("records", options);
  const addresses = new Uint32Array(recordCount);

  /** The old record ends before the new one begins. */
  function put(place: number, id: number): number {
    const old = addresses[place]!;
    const oldId = old === 0 ? 0 : end(old);
    const address = context.alloc(RECORD_BYTES);
    addresses[place] = address;
    const chunk = arena.chunkAt(address);
    const offset = address - chunk.base;
    const { f64 } = chunk;
    f64[offset >>> 3] = id / 2;
    f64[(offset >>> 3) + 1] = id / 4;
    chunk.u32[(offset + 16) >>> 2] = id;
    chunk.u8[offset + 20] = id & 255;
    return oldId;
  }

  function end(address: number): number {
    const chunk = arena.chunkAt(address);
    const id = chunk.u32[(address - chunk.base + 16) >>> 2]!;
    context.free(address);
    return id;
  }

  return { put };
}
