/** What the fields of a struct are in TypeScript. */
import type { Address } from "@perfloc/trim";
import type { FieldType } from "./field-type.js";
import type { StructFields } from "./field-names.js";

/**
 * What a field holds, as a plain value.
 * @public
 */
export type FieldValue<Type extends FieldType> = Type["~faces"]["value"];

/**
 * What can be stored in a field.
 * @public
 */
export type FieldInput<Type extends FieldType> = Type["~faces"]["input"];

/**
 * What the property of a cursor is for a field.
 * @public
 */
export type FieldLive<Type extends FieldType> = Type["~faces"]["live"];

/**
 * The values of all fields as a plain object.
 * @public
 */
export type StructObject<Fields extends StructFields> = {
  -readonly [Name in keyof Fields]: Fields[Name]["~faces"]["value"];
};

/**
 * Values of some or all fields.
 * @public
 */
export type StructInput<Fields extends StructFields> = {
  readonly [Name in keyof Fields]?: Fields[Name]["~faces"]["input"] | undefined;
};

/**
 * The fields as properties: values are assigned, views are not, but have properties themselves.
 * @public
 */
export type StructProperties<Fields extends StructFields> = {
  -readonly [
    Name in keyof Fields as Fields[Name]["~faces"]["isValue"] extends true ? Name : never
  ]: Fields[Name]["~faces"]["live"];
} & {
  readonly [
    Name in keyof Fields as Fields[Name]["~faces"]["isValue"] extends true ? never : Name
  ]: Fields[Name]["~faces"]["live"];
};

/**
 * What the view of every composed field has besides its parts.
 * @public
 */
export interface FieldView<Input> {
  /** Where it is; 0 (NULL) before its cursor points anywhere. */
  readonly $address: Address;
  /**
   * Stores the values that there are; others stay as they are.
   * @throws UnknownFieldError, InvalidValueError; nothing is then stored
   */
  $set(value: Input): void;
}

/**
 * The view of a nested struct: its fields as properties. It moves with its cursor when it is asked for again.
 * @public
 */
export type StructView<Fields extends StructFields> = FieldView<StructInput<Fields>> &
  StructProperties<Fields>;

/**
 * The view of a struct type, for functions that take one: `function area(box: ViewOf<typeof Box>)`. Cursors, elements and parts are views.
 * @public
 */
export type ViewOf<Type extends { readonly "~fields": StructFields }> = StructView<Type["~fields"]>;
