/** The types by which views know a struct: its fields, and how they are read and written in one kind of place. */
import type { Address, Heap, MemoryContext } from "@perfloc/trim";
import type { Binding, Codec } from "../access/codec.js";
import type { CursorClass } from "./cursor.js";
import type { CursorHome, CursorHomes } from "./cursor-homes.js";
import type { FieldType } from "../fields/field-type.js";

/** A struct under one ABI, and its fields bound for one kind of place. */
export interface BoundStruct {
  readonly codec: Codec;
  readonly Cursor: CursorClass;
  /** Made with the first cursor in a heap. */
  homes: CursorHomes | undefined;
  /** Made with the first view over a buffer. */
  overBuffers: CursorClass | undefined;
  /** The text of the functions that are made for it. */
  readonly source: () => string;
}

/** A struct, as far as its views know it. */
export interface ViewedStruct extends FieldType {
  readonly size: number;
  readonly align: number;
  /** The byte order of its own, where it has one. */
  readonly isBigEndian: boolean | undefined;
  /** Fields by name, in order. */
  readonly types: ReadonlyMap<string, FieldType>;
  /** Bound for structs that lie by themselves. */
  boundAlone(isChecked: boolean): BoundStruct;
  bindingAlone(isChecked: boolean): Binding;
  cursor(place: Heap | MemoryContext, address: Address): any;
  /** Forgets the home of its last cursor, which is gone. */
  leaveHome(home: CursorHome): void;
}
