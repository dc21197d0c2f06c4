/**
 * Cursors: movable views of one struct. Each struct has a class of its own with one property per field on the prototype, so
 * that re-pointing a cursor allocates nothing and reading a field is inlined.
 */
import type { Address, Arena } from "@perfloc/trim";
import { defineAccessor } from "./accessor.js";
import { viewsFor } from "./chunk-views.js";
import { CursorBase } from "./cursor-base.js";
import type { StructLayout } from "./layout.js";
import { makeNowhere } from "./nowhere.js";
import type { StructFields, StructObject } from "./struct-fields.js";

/**
 * What every cursor has besides its fields. Names of fields never begin with `$`.
 * @public
 */
export interface StructCursor {
  /** Where it points; 0 (NULL) before it points anywhere. */
  readonly $address: Address;
  /**
   * Points it at another struct and answers the cursor itself.
   *
   * Checked are the alignment and that the struct lies in a held top chunk, not that an object lives there: the addresses
   * of dropped contexts are caught once their memory was released. The fields are not checked when they are read or
   * written, so point a cursor anew after whatever may drop its object.
   * @throws InvalidAddressError `PERFLOC_TYPED_INVALID_ADDRESS`; the cursor then points where it did
   * @throws UseAfterDropError `PERFLOC_TYPED_CHUNK_RELEASED` when the address is in the top chunk that it pointed into,
   * and that was released since
   * @remarks Complexity: O(1), a few comparisons when the struct is in the same top chunk.
   */
  $to(address: Address): this;
}

/**
 * A movable view of one struct: its fields are properties that read and write the memory.
 *
 * Numbers are stored as typed arrays store them: integers wrap, f32 rounds, a bigint field refuses a number.
 * @public
 */
export type Cursor<Fields extends StructFields> = StructCursor & StructObject<Fields>;

/** A cursor as the sources of this package see it. */
export type CursorInstance<Fields extends StructFields> = CursorBase &
  Cursor<Fields> & { toJSON(): StructObject<Fields> };

/** Makes cursors of one struct. */
export interface CursorClass<Fields extends StructFields> {
  new (arena: Arena): CursorInstance<Fields>;
}

/** How Node's `console.log` and `util.inspect` print an object: through a method under a registered symbol, no import. */
const customInspect = Symbol.for("nodejs.util.inspect.custom");

/** Makes the class of a struct's cursors. `Fields` are the fields that `layout` was made from. */
export function cursorClassFor<Fields extends StructFields>(
  name: string,
  layout: StructLayout,
): CursorClass<Fields> {
  // A computed key names the class after the struct, for debuggers and heap snapshots.
  const StructClass = { [name]: class extends CursorBase {} }[name]!;
  const { prototype } = StructClass;
  define(prototype, "$struct", {
    name,
    layout,
    views: viewsFor(layout),
    nowhere: makeNowhere(name, layout),
  });
  define(prototype, "$alignMask", layout.alignment - 1);
  define(prototype, "toJSON", function toJSON(this: CursorBase) {
    return readFields(this, layout);
  });
  define(prototype, customInspect, function inspect(this: CursorBase) {
    return this.$chunk === undefined ? `${name} (points nowhere)` : readFields(this, layout);
  });
  for (const field of layout.fields) defineAccessor(prototype, field);
  // The compiler cannot follow properties that are defined one by one.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return StructClass as unknown as CursorClass<Fields>;
}

/** The values of all fields, in order. */
function readFields(cursor: CursorBase, layout: StructLayout): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name } of layout.fields) values[name] = cursor[name];
  return values;
}

function define(prototype: CursorBase, key: string | symbol, value: unknown): void {
  Object.defineProperty(prototype, key, { value });
}
