/** Short strings of ASCII in fixed fields: what nearly all of them are. Others are left to the codecs. */

/** Whether a value is a string of at most `byteLength` characters from U+0001 to U+007F. */
export function isAscii(value: unknown, byteLength: number): boolean {
  if (typeof value !== "string" || value.length > byteLength) return false;
  for (let index = 0; index < value.length; index++)
    if ((value.charCodeAt(index) - 1) >>> 0 >= 127) return false;
  return true;
}

/** Writes such a string, and zeros behind it up to `end`. */
export function writeAscii(bytes: Uint8Array, start: number, end: number, value: string): void {
  let at = start;
  for (let index = 0; index < value.length; index++) bytes[at++] = value.charCodeAt(index);
  while (at < end) bytes[at++] = 0;
}
