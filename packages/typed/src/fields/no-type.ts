/** What a program passed in place of a field type, as far as it is a known mistake. For messages. */

/** A mistake, and what to do. */
interface NoType {
  /** Goes on after "has" or "is": what was passed. */
  readonly what: string;
  readonly hint: string;
}

/** Marks field types in every copy of this package. */
export const FIELD_TYPE_MARK: symbol = Symbol.for("@perfloc/typed field type");

/** What to use in place of the constructors of JavaScript. */
const IN_PLACE_OF: Readonly<Record<string, string>> = {
  Number: "f64, or an integer type such as i32",
  String: "text(n) for up to n bytes, or utf8",
  Boolean: "bool",
  BigInt: "i64 or u64",
  Date: "date",
  Array: "array(type, length), or a Vec where it grows",
  Object: "a struct",
  Map: "a HashMap beside the struct",
};

/** The mistake that a value is in place of a field type; `undefined` for one that says nothing. */
export function mistakenType(value: unknown): NoType | undefined {
  if (typeof value === "object" && value !== null && FIELD_TYPE_MARK in value)
    return {
      what: "a type of another copy of @perfloc/typed",
      hint: "Have one copy: npm ls @perfloc/typed shows both.",
    };
  // Also of another realm.
  const name = typeof value === "function" && isNative(value) ? value.name : "";
  const instead = Object.hasOwn(IN_PLACE_OF, name) ? IN_PLACE_OF[name] : elementsOf(name);
  if (instead === undefined) return undefined;
  return { what: `the JavaScript constructor ${name}`, hint: `Use ${instead}.` };
}

/** What to use in place of a typed array. */
function elementsOf(name: string): string | undefined {
  const parts = /^(?:Big)?(Int|Uint|Float)(\d+)(?:Clamped)?Array$/.exec(name);
  return parts === null ? undefined : `array(${parts[1]![0]!.toLowerCase()}${parts[2]}, length)`;
}

function isNative(value: object): boolean {
  return Function.prototype.toString.call(value).includes("[native code]");
}
