/** Where the fields of one struct lie, under each ABI that it is asked for. */
import type { Abi, AbiName } from "../layout/abi.js";
import type { Extent, MeasuredType } from "../layout/extent.js";
import { type Layout, type Member, layOut } from "../layout/layout.js";

/** What a struct is laid out from. */
interface LaidOutStruct {
  /** Fields by name, in order. */
  readonly types: ReadonlyMap<string, MeasuredType>;
  readonly isPacked: boolean;
  /** The alignment that the program asked for. */
  readonly minAlign: number;
}

export class StructLayouts {
  readonly #struct: LaidOutStruct;
  readonly #layouts = new Map<AbiName, Layout>();

  constructor(struct: LaidOutStruct) {
    this.#struct = struct;
  }

  /** Measured once for each ABI. @throws InvalidTypeError for fields that the ABI has not */
  under(abi: Abi): Layout {
    const known = this.#layouts.get(abi.name);
    if (known !== undefined) return known;
    const { types, isPacked, minAlign } = this.#struct;
    const members = [...types].map(([name, type]) => memberOf(name, type.measure(abi)));
    const layout = layOut(members, { abi, isPacked, align: minAlign });
    this.#layouts.set(abi.name, layout);
    return layout;
  }
}

function memberOf(name: string, extent: Extent): Member {
  return { name, ...extent };
}
