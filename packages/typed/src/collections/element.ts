/** What the elements of collections are in TypeScript: the sides of their field type. */
import type { FieldType } from "../field-type.js";

/**
 * A copy of an element that depends on nothing.
 * @public
 */
export type ValueOf<Type extends FieldType> = Type["~faces"]["value"];

/**
 * What can be stored as an element.
 * @public
 */
export type InputOf<Type extends FieldType> = Type["~faces"]["input"];

/**
 * What a collection answers for an element: a value, or the view of a struct.
 * @public
 */
export type LiveOf<Type extends FieldType> = Type["~faces"]["live"];
