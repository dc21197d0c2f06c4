/**
 * Scalars that a typed array cannot read: unaligned ones of packed structs, and those of the other byte order. A DataView is
 * for them alone, since its calls take longer than an element access.
 */
import type { ScalarAccess } from "./aligned-access.js";
import type { ScalarName } from "../layout/scalar-name.js";

/** The access of one type; `undefined` where a byte is all there is to read. */
export function unalignedAccess(name: ScalarName, isLittle: boolean): ScalarAccess | undefined {
  return makers[name]?.(isLittle);
}

const makers: { readonly [Name in ScalarName]?: (isLittle: boolean) => ScalarAccess } = {
  i16: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getInt16(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setInt16(offset, value, isLittle),
  }),
  u16: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getUint16(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setUint16(offset, value, isLittle),
  }),
  i32: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getInt32(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setInt32(offset, value, isLittle),
  }),
  u32: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getUint32(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setUint32(offset, value, isLittle),
  }),
  f32: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getFloat32(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setFloat32(offset, value, isLittle),
  }),
  i64: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getBigInt64(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setBigInt64(offset, value, isLittle),
  }),
  u64: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getBigUint64(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setBigUint64(offset, value, isLittle),
  }),
  f64: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getFloat64(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setFloat64(offset, value, isLittle),
  }),
};
