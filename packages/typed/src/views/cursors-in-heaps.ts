/** Makes the cursors of a struct in a heap. */
import type { Address, Heap, MemoryContext } from "@perfloc/trim";
import type { ViewedStruct } from "./bound-struct.js";
import type { CursorBase } from "./cursor-base.js";
import { type CursorHome, CursorHomes } from "./cursor-homes.js";
import { placeOf } from "./place.js";
import { guardCursor } from "./view-guard.js";

/** A cursor that points nowhere. @throws as `placeOf` */
export function cursorNowhere(struct: ViewedStruct, place: Heap | MemoryContext): CursorBase {
  const { arena, isChecked, identities } = placeOf(place);
  const cursor = new (struct.boundAlone(isChecked).Cursor)(arena);
  return identities === undefined ? cursor : guardCursor(cursor, identities);
}

/**
 * The home of an address; where it has none, a cursor that points there.
 * @param current - the home of the last cursor, which stays
 * @throws as `placeOf`, and what `$to` throws
 */
export function homeOf(
  struct: ViewedStruct,
  place: Heap | MemoryContext,
  address: Address,
  current: CursorHome | undefined,
): CursorHome | CursorBase {
  const { arena, isChecked, identities } = placeOf(place);
  const bound = struct.boundAlone(isChecked);
  const { Cursor } = bound;
  if (identities !== undefined) return guardCursor(new Cursor(arena), identities).$to(address);
  bound.homes ??= new CursorHomes(Cursor, Cursor.prototype.$struct);
  const home = bound.homes.homeOf(arena, address, current, struct);
  return home ?? new Cursor(arena).$to(address);
}

/** A cursor of the struct at an address. @throws what `cursor` throws */
export function cursorAt(
  struct: ViewedStruct,
  place: Heap | MemoryContext,
  address: Address,
): CursorBase {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its fields were defined one by one, which the compiler cannot follow
  return struct.cursor(place, address) as CursorBase;
}
