/** The record that functions are made for, as the parts of their text see it. */
import type { BoundElements, BoundMember } from "../access/codec.js";
import type { ArrayName } from "../access/memory.js";

/** What the text refers to, by name. */
export type Scope = Record<string, unknown>;

/** The record that functions are made for. */
export interface RecordShape {
  /** Size in bytes, a multiple of `align`. */
  readonly size: number;
  readonly align: number;
  readonly members: readonly BoundMember[];
  /** The arrays that its views have. */
  readonly arrays: readonly ArrayName[];
}

/** The most fields that a text has: V8 would not optimize a longer one. Larger records are left to closures. */
export const MAX_FIELDS = 200;

/** Longer arrays are read and written by their codec. */
export const MAX_ELEMENTS = 16;

/** Whether the elements are read and written one by one, as text: at most {@link MAX_ELEMENTS} of a type that has one. */
export function isShortAndMade({ codec, length }: BoundElements): boolean {
  return length <= MAX_ELEMENTS && codec.source !== undefined;
}

/** Declares the arrays of a memory as variables. */
export function arrayLines(prefix: string, names: ReadonlySet<ArrayName>): string[] {
  return [...names].map((name) => `  const ${name} = memory.${prefix}${name};`);
}
