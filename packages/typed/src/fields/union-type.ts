/** Unions: several fields in the same bytes. */
import type { Binding, Codec } from "../access/codec.js";
import { membersAlone, type Extent } from "../layout/extent.js";
import type { Abi, GpuLack } from "../layout/abi.js";
import type { FieldPlace } from "../errors.js";
import { type StructFields, checkFields } from "./field-names.js";
import { FieldType, ViewType } from "./field-type.js";
import { type Layout, layOut } from "../layout/layout.js";
import { checkRecord, equalBytes, recordCodec, settleRecord, withViews } from "./record.js";
import type { StructInput, StructObject, StructView } from "./struct-fields.js";

/**
 * The type of a union.
 * @public
 */
export type UnionFieldType<Fields extends StructFields> = ViewType<
  StructObject<Fields>,
  StructInput<Fields>,
  StructView<Fields>
> & {
  /** For TypeScript alone: the members, by which paths are known. */
  readonly "~fields": Fields;
};

/**
 * A union of C: every field begins at the same byte, and which of them is meant is for the program to know. Values are read
 * and written as of a struct; of several in one object the last field wins. See {@link tagged} for unions that know.
 * @throws InvalidStructError for fields that a struct cannot have
 * @public
 */
export function union<const Fields extends StructFields>(fields: Fields): UnionFieldType<Fields> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- "~fields" is for TypeScript alone
  return new UnionType(fields) as unknown as UnionFieldType<Fields>;
}

class UnionType extends ViewType {
  override readonly name: string = "union";
  readonly #types: ReadonlyMap<string, FieldType>;

  constructor(fields: StructFields) {
    super();
    this.#types = checkFields("union", fields);
  }

  override measure(abi: Abi): Extent {
    const { size, align } = this.#layout(abi);
    return { size, align };
  }

  override lackOnGpu(): GpuLack {
    return {
      what: "unions",
      hint: "Make a struct of each member, and a cursor of each at the same address.",
    };
  }

  override settle(value: unknown): unknown {
    return settleRecord(this.#types, value);
  }

  override check(value: unknown, place: FieldPlace): void {
    checkRecord(this.#types, this.name, value, place);
  }

  override bind(binding: Binding): Codec {
    const prefix = binding.fieldName === "" ? "" : `${binding.fieldName}.`;
    const members = [...this.#types].map(([name, type]) => ({
      name,
      type,
      codec: type.bind({ ...binding, fieldName: `${prefix}${name}`, placedBits: undefined }),
      byteOffset: 0,
      firstByte: 0,
    }));
    const { size } = this.#layout(binding.abi);
    const record = recordCodec(size, members);
    return withViews({ ...record, equals: equalBytes(record) }, this, binding);
  }

  override get parts(): readonly FieldType[] {
    return [...this.#types.values()];
  }

  override get signature(): string {
    return `union{${[...this.#types].map(([name, type]) => `${name}:${type.signature}`).join()}}`;
  }

  override declaration(name: string): string {
    const members = [...this.#types].map(([member, type]) => `${type.declaration(member)};`);
    return `union { ${members.join(" ")} } ${name}`;
  }

  #layout(abi: Abi): Layout {
    return layOut(membersAlone(this.#types, abi), { abi, isUnion: true });
  }
}
