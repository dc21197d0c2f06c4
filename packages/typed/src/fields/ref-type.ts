/**
 * References: the address of another struct of the same heap, 4 bytes. NULL is 0. A reference is an {@link Address}, which
 * `cursor.$to` follows; following NULL throws.
 */
import type { Binding, Codec, FieldSource } from "../access/codec.js";
import type { Extent } from "../layout/extent.js";
import { type Address, NULL_ADDRESS } from "@perfloc/trim";
import type { Abi } from "../layout/abi.js";
import { type FieldPlace, InvalidTypeError, NullReferenceError, refusedValue } from "../errors.js";
import { FieldType, ValueType } from "./field-type.js";
import { u32 } from "./scalar.js";

/**
 * A reference to an object of a type; it is never NULL, but for memory that nothing was written to.
 * @param _type - what lies there, for readers; a function where the type comes later in the program
 * @public
 */
export function ref(_type: FieldType | (() => FieldType)): ValueType<Address> {
  if (_type instanceof FieldType || typeof _type === "function") return new RefType("ref", false);
  throw new InvalidTypeError(
    "ref",
    "its target is no type",
    "Pass a struct, or () => Struct when it comes later.",
  );
}

/**
 * The same reference, which may also be NULL: 0.
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for what is no reference
 * @public
 */
export function nullable(type: ValueType<Address>): ValueType<Address> {
  if (type instanceof RefType) return new RefType(`nullable(${type.name})`, true);
  throw new InvalidTypeError("nullable", "its type is no reference", "Pass ref(type) or selfRef.");
}

class RefType extends ValueType<Address> {
  override readonly name: string;
  readonly #isNullable: boolean;

  constructor(name: string, isNullable: boolean) {
    super();
    this.name = name;
    this.#isNullable = isNullable;
  }

  override measure(abi: Abi): Extent {
    return u32.measure(abi);
  }

  override check(value: unknown, place: FieldPlace): void {
    if (typeof value !== "number" || value >>> 0 !== value)
      throw refusedValue(place, this.name, "an address", value);
    if (value === NULL_ADDRESS && !this.#isNullable) throw storedNull(place);
  }

  override bind(binding: Binding): Codec {
    // An address is no number that wraps: it is checked at every level.
    const codec = u32.bind({ ...binding, isChecked: true });
    if (this.#isNullable) return codec;
    const write: Codec["write"] = (memory, offset, value) => {
      this.check(value, binding);
      codec.write(memory, offset, value);
    };
    return {
      ...codec,
      write,
      source: notNull(codec.source!),
      accessor: (byteOffset) => ({
        ...codec.accessor!(byteOffset),
        set(value: Address) {
          write(this, this.$offset + byteOffset, value);
        },
      }),
    };
  }

  override declaration(name: string): string {
    return u32.declaration(name);
  }
}

/**
 * A reference to a struct of the same type as the one that has the field: the next node of a list. It may be NULL.
 * @public
 */
export const selfRef: ValueType<Address> = new RefType("selfRef", true);

function storedNull({ structName, fieldName }: FieldPlace): NullReferenceError {
  return new NullReferenceError(
    `is NULL, which field ${fieldName} of struct ${structName} cannot hold`,
    "Make the field nullable(ref(type)), where 0 is NULL.",
  );
}

function notNull(source: FieldSource): FieldSource {
  return { ...source, takes: (value) => `${source.takes(value)} && ${value} !== 0` };
}
