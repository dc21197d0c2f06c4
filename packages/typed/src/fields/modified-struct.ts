/**
 * What another alignment or byte order makes of a struct. By itself its length is a multiple of its alignment; within another struct it is as
 * long as the struct that it is made from, as C's attribute of a member makes it.
 */
import type { Binding, Codec } from "../access/codec.js";
import type { Abi, GpuLack } from "../layout/abi.js";
import type { Extent } from "../layout/extent.js";
import type { StructOptions } from "../layout/struct-options.js";
import type { DeclaredTypes } from "./declared-types.js";
import type { FieldType, Modification } from "./field-type.js";
import { alignedDeclaration, alignedExtent, lackOfOrder } from "./modified-type.js";

/** A struct, as far as it can be modified. */
interface ModifiableStruct extends FieldType {
  readonly abi: NonNullable<StructOptions["abi"]>;
  readonly isPacked: boolean;
  readonly minAlign: number;
  readonly isBigEndian: boolean | undefined;
  readonly declared: DeclaredTypes;
}

export class ModifiedStruct {
  readonly origin: ModifiableStruct;
  readonly #change: Modification;

  constructor(origin: ModifiableStruct, change: Modification) {
    this.origin = origin;
    this.#change = change;
  }

  /** How it is laid out by itself. */
  get options(): StructOptions {
    const { abi, isPacked, minAlign } = this.origin;
    return { abi, packed: isPacked, align: Math.max(minAlign, this.#change.alignment ?? 1) };
  }

  /** The innermost order counts, as it does where it is a field. */
  get isBigEndian(): boolean | undefined {
    return this.origin.isBigEndian ?? this.#change.isBigEndian;
  }

  measure(abi: Abi): Extent {
    return alignedExtent(this.origin.measure(abi), this.#change);
  }

  bind(binding: Binding): Codec {
    const isBigEndian = this.#change.isBigEndian ?? binding.isBigEndian;
    return this.origin.bind({ ...binding, isBigEndian });
  }

  lackOnGpu(abi: Abi): GpuLack | undefined {
    return lackOfOrder(this.#change) ?? this.origin.lackOnGpu(abi);
  }

  /** @param name - of the modified struct */
  signature(name: string): string {
    return name.replace(this.origin.name, this.origin.signature);
  }

  declaration(name: string): string {
    return alignedDeclaration(this.origin.declaration(name), this.#change);
  }
}
