/** Field types that are stored as another type: a value is decoded when it is read and encoded when it is written. */
import { type Binding, type Codec, type FieldSource, codecAccessor } from "../access/codec.js";
import type { Extent } from "../layout/extent.js";
import type { Abi } from "../layout/abi.js";
import type { FieldPlace } from "../errors.js";
import { type FieldType, ValueType } from "./field-type.js";

/** Converts between the value of a field and the stored value. */
export interface Mapping<Value, Stored> {
  /** The value of what is stored. @throws for what stands for no value */
  decode(stored: Stored, place: FieldPlace): Value;
  /** What is stored for a value that `check` has let through. */
  encode(value: Value): Stored;
  /** Whether the type takes a value; without it the base decides. @throws InvalidValueError when it does not */
  check?(value: unknown, place: FieldPlace): void;
  /** The text that checks and stores values, made from the text of the stored type, if it has one. */
  source?(base: FieldSource): FieldSource | undefined;
  /** Whether `encode` is user code, which may do anything: it is called once, before a place is looked up. */
  readonly isForeign?: boolean;
}

/** The result of user code's `encode`, passed on to `check` and `write` so that it is not encoded again. */
class Encoded {
  readonly stored: unknown;

  constructor(stored: unknown) {
    this.stored = stored;
  }
}

export class MappedType<out Value, Stored = any> extends ValueType<Value> {
  override readonly name: string;
  readonly #signature: string;
  readonly #base: FieldType<Stored>;
  readonly #mapping: Mapping<Value, Stored>;

  constructor(
    name: string,
    base: FieldType<Stored>,
    mapping: Mapping<Value, Stored>,
    signature: string = name,
  ) {
    super();
    this.name = name;
    this.#signature = signature;
    this.#base = base;
    this.#mapping = mapping;
  }

  override measure(abi: Abi): Extent {
    return this.#base.measure(abi);
  }

  override settle(value: unknown): unknown {
    if (this.#mapping.isForeign !== true || value instanceof Encoded) return value;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it throws for what it cannot encode
    const stored = this.#mapping.encode(value as Value);
    // The base may be another `custom` type, or a record with some.
    return new Encoded(this.#base.settle(stored));
  }

  override check(value: unknown, place: FieldPlace): void {
    const settled = this.settle(value);
    if (settled instanceof Encoded) this.#base.check(settled.stored, place);
    else this.#mapping.check?.(settled, place);
  }

  /** Values are checked in heaps of every check level: encoding what is no value could not be told apart later. */
  override bind(binding: Binding): Codec {
    const base = this.#base.bind(binding);
    const mapping = this.#mapping;
    const stored = (value: unknown): Stored => {
      const settled = this.settle(value);
      this.check(settled, binding);
      const isEncoded = settled instanceof Encoded;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was checked
      return isEncoded ? (settled.stored as Stored) : mapping.encode(settled as Value);
    };
    const source = base.source && mapping.source?.(base.source);
    const codec: Codec = {
      ...(source !== undefined && { source }),
      size: base.size,
      arrays: base.arrays,
      storesTexts: base.storesTexts ?? false,
      read: (memory, offset) => mapping.decode(base.read(memory, offset), binding),
      write: (memory, offset, value, undo) => {
        base.write(memory, offset, stored(value), undo);
      },
      accessor: (byteOffset) => ({
        ...codecAccessor(codec, byteOffset),
        set(value: unknown) {
          // The offset is read afterwards.
          const encoded = new Encoded(stored(value));
          codec.write(this, this.$offset + byteOffset, encoded);
        },
      }),
    };
    return codec;
  }

  override get parts(): readonly FieldType[] {
    return [this.#base];
  }

  override get signature(): string {
    return `${this.#signature}:${this.#base.signature}`;
  }

  override declaration(name: string): string {
    return this.#base.declaration(name);
  }
}
