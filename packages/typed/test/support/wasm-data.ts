/** The bytes that a WebAssembly object file, as clang writes it, puts into memory: of its only variable. */

const HEADER_BYTES = 8;
const DATA_SECTION = 11;

/** @throws Error when the file has no data, or that of several variables */
export function dataOf(file: Uint8Array): DataView {
  let at = HEADER_BYTES;
  /** A number in LEB128: seven bits a byte, the lowest first. */
  const next = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = file[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < file.length) {
    const [section, byteLength] = [next(), next()];
    if (section !== DATA_SECTION) {
      at += byteLength;
      continue;
    }
    const segments = next();
    if (segments !== 1) throw new Error(`expected one variable, found ${segments}`);
    // An active segment of memory 0: mode 0, then `i32.const address` and `end`, then the bytes.
    at += 2;
    next();
    at += 1;
    const length = next();
    return new DataView(file.buffer, file.byteOffset + at, length);
  }
  throw new Error("the object file has no data section");
}
