/** Numbers in bytes, as shaders read them: without the sources of the package, which read them, too. */
import type { PlacedScalar } from "./spirv-layout.js";

/** The number at a place, as the shader reads it. */
export function readScalar(
  bytes: DataView,
  { byteOffset, byteLength, kind }: PlacedScalar,
): number | bigint {
  const bits = byteLength * 8;
  if (kind === "float") {
    if (byteLength === 2) return halfOf(bytes.getUint16(byteOffset, true));
    return byteLength === 4
      ? bytes.getFloat32(byteOffset, true)
      : bytes.getFloat64(byteOffset, true);
  }
  let value = 0n;
  for (let byte = byteLength - 1; byte >= 0; byte--)
    value = (value << 8n) | BigInt(bytes.getUint8(byteOffset + byte));
  if (kind === "int") value = BigInt.asIntN(bits, value);
  return bits === 64 ? value : Number(value);
}

/** The value of a finite IEEE 754 number of 16 bits. */
function halfOf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
