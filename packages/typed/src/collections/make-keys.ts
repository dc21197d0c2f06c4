/** Which table holds the keys of a type. */
import { InvalidOptionError, type MemoryContext } from "@perfloc/trim";
import type { FieldType } from "../fields/field-type.js";
import type { KeyTable } from "./key-table.js";
import { I53Keys, U64Keys } from "./pair-keys.js";
import { TextKeys } from "./text-keys.js";
import { U32Keys } from "./u32-keys.js";

/** @throws InvalidOptionError for what is no type of keys */
export function makeKeys(type: FieldType, context: MemoryContext): KeyTable {
  switch (type.name) {
    case "u32":
      return new U32Keys();
    case "i53":
      return new I53Keys();
    case "u64":
      return new U64Keys();
    case "utf8":
      return new TextKeys(context);
    default:
      throw new InvalidOptionError(
        "PERFLOC_TYPED_INVALID_OPTION",
        "keyType",
        type,
        "keys are u32, i53, u64 or utf8",
        "Pass one of these types.",
      );
  }
}
