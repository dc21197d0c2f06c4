/** The layouts of one struct, one for each ABI that it is laid out for. */
import type { Abi, AbiName } from "../layout/abi.js";
import { InvalidStructError } from "../errors.js";
import { isNotMade } from "../fields/field-names.js";
import { type ShaderType, checkOnGpu } from "../layout/check-on-gpu.js";
import type { Extent, MeasuredType } from "../layout/extent.js";
import { type Layout, type Member, layOut } from "../layout/layout.js";

/** What a struct is laid out from. */
interface LaidOutStruct extends ShaderType {
  readonly name: string;
  /** Fields by name, in order. */
  readonly types: ReadonlyMap<string, MeasuredType & ShaderType>;
  readonly isPacked: boolean;
  /** The alignment that the program asked for. */
  readonly minAlign: number;
}

export class StructLayouts {
  readonly #struct: LaidOutStruct;
  readonly #abi: Abi;
  #own: Layout | undefined = undefined;
  readonly #layouts = new Map<AbiName, Layout>();
  /** The field that is being measured: a struct that contains itself is measured within. */
  #measured: string | undefined = undefined;

  constructor(struct: LaidOutStruct, abi: Abi) {
    this.#struct = struct;
    this.#abi = abi;
  }

  /** By its own rules. @throws as `under`, and InvalidStructError for what shaders cannot declare */
  get own(): Layout {
    if (this.#own === undefined) {
      if (this.#abi.isGpu) checkOnGpu(this.#struct, this.#abi);
      this.#own = this.under(this.#abi);
    }
    return this.#own;
  }

  /** So that mistakes are found where it is made. One that contains a struct whose getters refer to what comes later is laid out later. */
  layOutIfMade(): Layout | undefined {
    try {
      return this.own;
    } catch (error) {
      if (isNotMade(error)) return undefined;
      throw error;
    }
  }

  /**
   * Measured once for each ABI.
   * @throws InvalidTypeError for fields that the ABI has not, InvalidStructError for a struct that contains itself
   */
  under(abi: Abi): Layout {
    const known = this.#layouts.get(abi.name);
    if (known !== undefined) return known;
    const { name, isPacked, minAlign } = this.#struct;
    if (this.#measured !== undefined) throw containsItself(name, this.#measured);
    try {
      const layout = layOut(this.#membersUnder(abi), { abi, isPacked, align: minAlign });
      this.#layouts.set(abi.name, layout);
      return layout;
    } finally {
      this.#measured = undefined;
    }
  }

  #membersUnder(abi: Abi): Member[] {
    return [...this.#struct.types].map(([name, type]) => {
      this.#measured = name;
      return memberOf(name, type.measure(abi));
    });
  }
}

function memberOf(name: string, extent: Extent): Member {
  return { name, ...extent };
}

function containsItself(structName: string, fieldName: string): InvalidStructError {
  return new InvalidStructError(
    "PERFLOC_TYPED_RECURSIVE_STRUCT",
    structName,
    fieldName,
    `field ${fieldName} contains the struct itself`,
    `A struct cannot contain itself. Refer to it: get ${fieldName}() { return ref(Type); }.`,
  );
}
