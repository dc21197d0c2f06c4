/** FNV-1a of 64 bits over the UTF-16 code units of a text. */

const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** The hash as 16 hexadecimal digits. O(length of the text). */
export function hashOfText(text: string): string {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * PRIME);
  return hash.toString(16).padStart(16, "0");
}
