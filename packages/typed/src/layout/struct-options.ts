/** The options of structs: what there is, and what is refused. */
import { InvalidOptionError } from "@perfloc/trim";
import { type AbiName, abis } from "./abi.js";
import { InvalidStructError, show } from "../errors.js";

/**
 * How a struct is laid out.
 * @public
 */
export interface StructOptions {
  /** The target whose rules count. Default `c`: System V for x86-64. */
  readonly abi?: AbiName | undefined;
  /** No padding between fields: `__attribute__((packed))`. Default false. */
  readonly packed?: boolean | undefined;
  /** The least alignment of the whole, a power of two up to 4096: `_Alignas` for each field of the struct. */
  readonly align?: number | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["abi", "packed", "align"]);
const CODE = "PERFLOC_TYPED_INVALID_OPTION";

/**
 * All but the alignment, which types have, too.
 * @throws InvalidOptionError for what is no object, and for options that there are not; InvalidStructError for an unknown abi
 */
export function checkStructOptions(name: string, options: unknown): void {
  if (typeof options !== "object" || options === null) {
    const requirement = `those of struct ${name} must be an object`;
    throw new InvalidOptionError(CODE, "options", options, requirement);
  }
  for (const [option, value] of Object.entries(options)) {
    if (!NAMES.has(option)) {
      const requirement = `options of structs are ${[...NAMES].join(", ")}`;
      throw new InvalidOptionError(CODE, option, value, requirement);
    }
    if (value === undefined) continue;
    if (option === "packed" && typeof value !== "boolean")
      throw new InvalidOptionError(CODE, option, value, "it must be true or false");
    if (option === "abi" && (typeof value !== "string" || !Object.hasOwn(abis, value)))
      throw unknownAbi(name, value);
  }
}

function unknownAbi(name: string, abi: unknown): InvalidStructError {
  return new InvalidStructError(
    "PERFLOC_TYPED_UNKNOWN_ABI",
    name,
    undefined,
    `the abi ${show(abi)} is unknown`,
    `ABIs are ${Object.keys(abis).join(", ")}.`,
  );
}
