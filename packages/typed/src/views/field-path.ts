/**
 * Paths to parts of a struct: `path[1].y` is field y of element 1 of field path.
 *
 *   path   = name { "." name | "[" index "]" }
 */
import type { Codec, CheckedType } from "../access/codec.js";
import type { ArrayType } from "../fields/array-type.js";
import { IndexOutOfBoundsError, UnknownFieldError } from "../errors.js";
import type { StructFields } from "../fields/field-names.js";
import type { FieldType } from "../fields/field-type.js";

/** Levels that TypeScript follows; deeper paths would cost more time than they save. */
type Deeper = [never, 0, 1, 2, 3];

/**
 * The paths to all parts of a struct, four levels deep.
 * @public
 */
export type FieldPath<Fields extends StructFields, Depth extends number = 4> = Depth extends 0
  ? never
  : {
      [Name in keyof Fields & string]:
        | Name
        | `${Name}${PartPath<Fields[Name], Deeper[Depth] & number>}`;
    }[keyof Fields & string];

/**
 * How a path goes on within one field.
 * @public
 */
export type PartPath<Type extends FieldType, Depth extends number> = Depth extends 0
  ? never
  : Type extends ArrayType<infer Element>
    ? `[${number}]` | `[${number}]${PartPath<Element, Deeper[Depth] & number>}`
    : Type extends { readonly "~fields": infer Fields extends StructFields }
      ? `.${FieldPath<Fields, Depth>}`
      : Type extends { readonly "~names": infer Names extends string }
        ? `.${Names}`
        : never;

/** A part that a path leads to. */
export interface FoundPart {
  readonly type: CheckedType;
  readonly codec: Codec;
  readonly byteOffset: number;
  /** The byte that it begins in, which for bit fields is not where reading begins. */
  readonly firstByte: number;
}

/** @throws UnknownFieldError, IndexOutOfBoundsError */
export function findPart(structName: string, root: FoundPart, path: string): FoundPart {
  if (typeof path !== "string" || !/^[^.[\]]+(?:\.[^.[\]]+|\[\d+\])*$/.test(path))
    throw new UnknownFieldError(structName, path);
  let part = root;
  for (const [step] of path.matchAll(/[^.[\]]+(?=\])|[^.[\]]+/g)) {
    const next = isIndexed(part) ? elementAt(structName, path, part, step) : memberAt(part, step);
    if (next === undefined) throw new UnknownFieldError(structName, path);
    part = next;
  }
  return part;
}

function isIndexed({ codec }: FoundPart): boolean {
  return codec.elements !== undefined;
}

function memberAt({ codec, byteOffset }: FoundPart, step: string): FoundPart | undefined {
  const member = codec.members?.find(({ name }) => name === step);
  if (member === undefined) return undefined;
  const { type, codec: found, byteOffset: offset, firstByte } = member;
  return {
    type,
    codec: found,
    byteOffset: byteOffset + offset,
    firstByte: byteOffset + firstByte,
  };
}

function elementAt(
  structName: string,
  path: string,
  { codec, byteOffset }: FoundPart,
  step: string,
): FoundPart | undefined {
  if (!/^\d+$/.test(step)) return undefined;
  const { type, codec: element, stride, length } = codec.elements!;
  const index = Number(step);
  if (index >= length)
    throw new IndexOutOfBoundsError(`${path} of struct ${structName}`, index, length);
  const offset = byteOffset + index * stride;
  return { type, codec: element, byteOffset: offset, firstByte: offset };
}
