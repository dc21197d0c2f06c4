/** The functions of the views of one record, made of its text; `undefined` where the host forbids it, or there is no text. */
import type { MadeAccess } from "../access/codec.js";
import { type AccessShape, accessSource } from "./access-source.js";
import { evaluate } from "./evaluate.js";

export function madeAccess(
  shape: AccessShape,
  inHeaps?: (shape: AccessShape) => string[],
): MadeAccess | undefined {
  const source = accessSource(shape, inHeaps);
  if (source === undefined) return undefined;
  const made: unknown = evaluate(source.scope, source.text);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text returns an object of these
  return made as MadeAccess | undefined;
}
