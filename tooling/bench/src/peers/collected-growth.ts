/** Growing buffers without an allocator: the counterparts of `perfloc/growth.ts`. */
import {
  buffersPerPass,
  FIRST_BYTES,
  type GrowthKind,
  lengthsOf,
  resizesPerPass,
  WORDS_BETWEEN_WRITES,
} from "../growth-shape.js";
import type { Work } from "../perfloc/passes.js";

/** An array that is pushed to, an element for each 8 bytes: V8 resizes it by its own rules. */
export function makePushedArrays(kind: GrowthKind): Work {
  const lengths = lengthsOf(kind);
  const bufferCount = buffersPerPass(kind);

  function run(): number {
    let checksum = 0;
    for (let buffer = 0; buffer < bufferCount; buffer++) {
      // In words of 4 bytes, as in `perfloc/growth.ts`, so that the checksum is the same.
      const elements = [buffer];
      let from = 0;
      let end = FIRST_BYTES >>> 2;
      for (let word = 2; word < end; word += 2) elements.push(buffer + word);
      for (let index = 0; index < lengths.length; index++) {
        checksum += elements[from >>> 1]!;
        from = end;
        end = lengths[index]! >>> 2;
        for (let word = from; word < end; word += 2) elements.push(buffer + word);
      }
    }
    return checksum;
  }

  return { operations: resizesPerPass(kind), runsPerPass: 1, run, cleanUp };
}

/** A typed array that is copied into one twice as long whenever it is full. */
export function makeDoubledArrays(kind: GrowthKind): Work {
  const lengths = lengthsOf(kind);
  const bufferCount = buffersPerPass(kind);
  const stride = WORDS_BETWEEN_WRITES;

  function run(): number {
    let checksum = 0;
    for (let buffer = 0; buffer < bufferCount; buffer++) {
      let words = new Uint32Array(FIRST_BYTES >>> 2);
      words[0] = buffer;
      let from = 0;
      let end = FIRST_BYTES >>> 2;
      for (let index = 0; index < lengths.length; index++) {
        const length = lengths[index]! >>> 2;
        if (length > words.length) {
          const longer = new Uint32Array(Math.max(length, words.length * 2));
          longer.set(words);
          words = longer;
        }
        checksum += words[from]!;
        from = end;
        end = length;
        for (let word = from; word < end; word += stride) words[word] = buffer + word;
      }
    }
    return checksum;
  }

  return { operations: resizesPerPass(kind), runsPerPass: 1, run, cleanUp };
}

function cleanUp(): void {}
