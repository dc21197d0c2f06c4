/**
 * Scalars that a typed array cannot read: unaligned ones of packed structs, and those of the other byte order. A DataView is
 * for them alone, since its accessors are longer than V8 inlines everywhere.
 */
import type { Accessor } from "./memory.js";
import type { ScalarAccess } from "./aligned-access.js";
import type { ScalarName } from "../layout/scalar-name.js";

export interface UnalignedAccess extends ScalarAccess {
  /** The property, as it is read. */
  readonly accessor: (byteOffset: number) => Accessor;
}

/** The access of one type; `undefined` where a byte is all there is to read. */
export function unalignedAccess(name: ScalarName, isLittle: boolean): UnalignedAccess | undefined {
  return makers[name]?.(isLittle);
}

const makers: { readonly [Name in ScalarName]?: (isLittle: boolean) => UnalignedAccess } = {
  i16: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getInt16(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setInt16(offset, value, isLittle),
    accessor: (byteOffset) => ({
      get() {
        return this.$view.getInt16(this.$offset + byteOffset, isLittle);
      },
    }),
  }),
  u16: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getUint16(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setUint16(offset, value, isLittle),
    accessor: (byteOffset) => ({
      get() {
        return this.$view.getUint16(this.$offset + byteOffset, isLittle);
      },
    }),
  }),
  i32: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getInt32(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setInt32(offset, value, isLittle),
    accessor: (byteOffset) => ({
      get() {
        return this.$view.getInt32(this.$offset + byteOffset, isLittle);
      },
    }),
  }),
  u32: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getUint32(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setUint32(offset, value, isLittle),
    accessor: (byteOffset) => ({
      get() {
        return this.$view.getUint32(this.$offset + byteOffset, isLittle);
      },
    }),
  }),
  f32: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getFloat32(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setFloat32(offset, value, isLittle),
    accessor: (byteOffset) => ({
      get() {
        return this.$view.getFloat32(this.$offset + byteOffset, isLittle);
      },
    }),
  }),
  i64: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getBigInt64(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setBigInt64(offset, value, isLittle),
    accessor: (byteOffset) => ({
      get() {
        return this.$view.getBigInt64(this.$offset + byteOffset, isLittle);
      },
    }),
  }),
  u64: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getBigUint64(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setBigUint64(offset, value, isLittle),
    accessor: (byteOffset) => ({
      get() {
        return this.$view.getBigUint64(this.$offset + byteOffset, isLittle);
      },
    }),
  }),
  f64: (isLittle) => ({
    array: "view",
    read: (memory, offset) => memory.$view.getFloat64(offset, isLittle),
    write: (memory, offset, value) => memory.$view.setFloat64(offset, value, isLittle),
    accessor: (byteOffset) => ({
      get() {
        return this.$view.getFloat64(this.$offset + byteOffset, isLittle);
      },
    }),
  }),
};
