/** The types of the fields of a struct, some of which getters return: they are asked once, when the struct is first used. */
import { type StructFields, checkDeclared, checkFields, isNotMade } from "./field-names.js";
import type { FieldType } from "./field-type.js";

export class DeclaredTypes {
  /** Whether some are made later than the struct. */
  readonly areLater: boolean;
  readonly #structName: string;
  readonly #fields: StructFields;
  #types: ReadonlyMap<string, FieldType> | undefined = undefined;

  /** @throws InvalidStructError for names, and for types that are there already */
  constructor(structName: string, fields: StructFields) {
    this.areLater = checkDeclared(structName, fields);
    this.#structName = structName;
    this.#fields = fields;
  }

  /** By name, in order. @throws InvalidStructError for what getters return */
  get byName(): ReadonlyMap<string, FieldType> {
    return (this.#types ??= checkFields(this.#structName, this.#fields));
  }

  /** For consoles: nothing while a getter has no type yet. */
  get printed(): Record<string, FieldType> {
    try {
      return Object.fromEntries(this.byName);
    } catch (error) {
      if (isNotMade(error)) return {};
      throw error;
    }
  }
}
