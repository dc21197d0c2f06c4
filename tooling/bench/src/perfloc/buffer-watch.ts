/**
 * Counts the pages of ArrayBuffers that were written. The resident set cannot tell: the engine's own heap grows and shrinks beside it by
 * more than a small trace takes.
 *
 * Buffers that were made before `watchBuffers` are not counted, nor are shared ones and memory of WebAssembly.
 */

const PAGE_BYTES = 4096;
const WORDS_PER_PAGE = PAGE_BYTES / Float64Array.BYTES_PER_ELEMENT;

const CONSTRUCTORS = [
  "ArrayBuffer",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
] as const;

/** Not kept alive: a plane that was copied into a longer one must be collected. */
let made: WeakRef<ArrayBufferLike>[] = [];

const OriginalFloat64Array = Float64Array;
const OriginalUint8Array = Uint8Array;

/** Puts proxies before the constructors of ArrayBuffer and of the typed arrays, for the rest of the process. */
export function watchBuffers(): void {
  for (const name of CONSTRUCTORS) {
    const Original = globalThis[name] as new (...args: unknown[]) => ArrayBuffer | ArrayBufferView;
    const Watched = new Proxy(Original, {
      construct(target, args, newTarget): object {
        const object = Reflect.construct(target, args, newTarget) as ArrayBuffer | ArrayBufferView;
        // A view of a buffer that is there: it was counted when it was made, or is not to be counted.
        if (!(args[0] instanceof ArrayBuffer))
          remember("buffer" in object ? object.buffer : object);
        return object;
      },
    });
    Original.prototype.constructor = Watched;
    Object.assign(globalThis, { [name]: Watched });
  }
}

function remember(buffer: ArrayBufferLike): void {
  made.push(new WeakRef(buffer));
}

/** Forgets the buffers that were made so far. */
export function forgetBuffers(): void {
  made = [];
}

/**
 * Bytes in pages that hold anything but zeros, of the buffers that were made since {@link forgetBuffers} and are reachable. The process
 * has `--expose-gc`.
 */
export async function writtenBytes(): Promise<number> {
  // A buffer stays reachable until the turn ends in which a reference to it was made.
  await nextTurn();
  globalThis.gc?.();
  const buffers = made.flatMap((reference) => reference.deref() ?? []);
  return buffers.reduce((sum, buffer) => sum + writtenBytesOf(buffer), 0);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function writtenBytesOf(buffer: ArrayBufferLike): number {
  const words = new OriginalFloat64Array(buffer, 0, Math.floor(buffer.byteLength / 8));
  let pages = 0;
  for (let from = 0; from < words.length; from += WORDS_PER_PAGE) {
    if (!isZero(words, from, Math.min(words.length, from + WORDS_PER_PAGE))) pages++;
  }
  const tail = new OriginalUint8Array(buffer, words.byteLength);
  return pages * PAGE_BYTES + (tail.some((byte) => byte !== 0) ? PAGE_BYTES : 0);
}

/** NaN and -0 are words that were written. */
function isZero(words: Float64Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (!Object.is(words[at], 0)) return false;
  }
  return true;
}
