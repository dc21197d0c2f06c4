/**
 * References: the address of another struct of the same heap, 4 bytes. NULL is 0. A reference is an {@link Address}, which
 * `cursor.$to` and `cursor.$follow` follow.
 *
 * TypeScript knows what an address refers to by a property that no number has and that may be missing, so that plain addresses, 0
 * too, can be stored in every reference, and the address of another struct in none.
 */
import type { Binding, Codec, FieldSource } from "../access/codec.js";
import type { Extent } from "../layout/extent.js";
import { type Address, NULL_ADDRESS } from "@perfloc/trim";
import type { Abi } from "../layout/abi.js";
import { type FieldPlace, InvalidTypeError, NullReferenceError, refusedValue } from "../errors.js";
import { FieldType, ValueType } from "./field-type.js";
import { mistakenType } from "./no-type.js";
import { u32 } from "./scalar.js";

/**
 * The address of a struct with these fields. The same as {@link Ref} of the struct.
 * @public
 */
export type RefTo<Fields> = Address & {
  /** For TypeScript alone. */
  readonly "~target"?: (fields: Fields) => Fields;
};

/**
 * The address of an object of a type: `Ref<typeof Node>`. It is an `Address`, and a plain address can be stored in its place; that of
 * another struct cannot.
 * @public
 */
export type Ref<Type extends FieldType> = Type extends { readonly "~fields": infer Fields }
  ? RefTo<Fields>
  : RefTo<Type>;

/**
 * The type of references to a type.
 * @public
 */
export type RefFieldType<Target extends FieldType> = ValueType<Ref<Target>> & {
  /** For TypeScript alone: the type that is referred to. */
  readonly "~target": Target;
};

/**
 * The type of references to the struct that has the field.
 * @public
 */
export type SelfRefFieldType = ValueType<Address> & {
  /** For TypeScript alone. */
  readonly "~target": "self";
};

/**
 * A reference to an object of a type; it is never NULL, but for memory that nothing was written to.
 *
 * A struct that refers to itself, or to what is made later, has a getter: `get next() { return nullable(ref(Node)); }`.
 * @param type - what lies there; or a function that returns it, where it comes later in the program
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for what is no type
 * @public
 */
export function ref<Target extends FieldType>(type: Target | (() => Target)): RefFieldType<Target> {
  return typed(new RefType("ref", false, checkTarget("ref", type)));
}

export function checkTarget(maker: string, type: unknown): DeclaredTarget {
  if (type instanceof FieldType) return type;
  const mistake = mistakenType(type);
  if (mistake !== undefined)
    throw new InvalidTypeError(maker, `its target is ${mistake.what}`, mistake.hint);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the function returns is looked at when it is called
  if (typeof type === "function") return type as DeclaredTarget;
  throw new InvalidTypeError(
    maker,
    "its target is no type",
    `Pass a struct. One that comes later is referred to in a getter: get next() { return ${maker}(Node); }.`,
  );
}

/**
 * The same reference, which may also be NULL: 0.
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for what is no reference
 * @public
 */
export function nullable<Type extends ValueType<Address>>(type: Type): Type {
  if (type instanceof RefType)
    return typed(new RefType(`nullable(${type.name})`, true, type.declaredTarget));
  if (type instanceof FieldType && type.unmodified instanceof RefType)
    throw new InvalidTypeError(
      "nullable",
      `its type is ${type.name}`,
      "Write it the other way round: be(nullable(ref(type))).",
    );
  throw new InvalidTypeError("nullable", "its type is no reference", "Pass ref(type) or selfRef.");
}

/** The target of a reference is for TypeScript alone. */
function typed(type: RefType): any {
  return type;
}

/** A type, or a function that returns it; `undefined` for the struct that has the field. */
export type DeclaredTarget = FieldType | (() => FieldType) | undefined;

/** What refers to an object: its value is an address. */
export abstract class ReferenceType extends ValueType<Address> {
  readonly declaredTarget: DeclaredTarget;

  constructor(declaredTarget: DeclaredTarget) {
    super();
    this.declaredTarget = declaredTarget;
  }

  /** What is referred to in a struct of type `self`. */
  targetIn(self: FieldType): FieldType {
    const target = this.declaredTarget ?? self;
    return target instanceof FieldType ? target : target();
  }
}

class RefType extends ReferenceType {
  override readonly name: string;
  readonly #isNullable: boolean;

  constructor(name: string, isNullable: boolean, declaredTarget: DeclaredTarget) {
    super(declaredTarget);
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
    return {
      ...codec,
      write: (memory, offset, value) => {
        this.check(value, binding);
        codec.write(memory, offset, value);
      },
      source: notNull(codec.source!),
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
export const selfRef: SelfRefFieldType = typed(new RefType("selfRef", true, undefined));

function notNull(source: FieldSource): FieldSource {
  return { ...source, takes: (value) => `${source.takes(value)} && ${value} !== 0` };
}

function storedNull({ structName, fieldName }: FieldPlace): NullReferenceError {
  return new NullReferenceError(
    `is NULL, which field ${fieldName} of struct ${structName} cannot hold`,
    "Make the field nullable(ref(type)), where 0 is NULL.",
  );
}
