/** Refuses structs for GPUs that have types which no shader can declare in a buffer: there is no layout for them to agree with. */
import type { Abi, GpuLack } from "./abi.js";
import { InvalidStructError } from "../errors.js";

/** The part of a type that the check needs. */
export interface ShaderType {
  /** The types that it is made of. */
  readonly parts: readonly ShaderType[];
  lackOnGpu(abi: Abi): GpuLack | undefined;
}

/** A struct, and its fields by name. */
interface ShaderStruct extends ShaderType {
  readonly name: string;
  readonly types: ReadonlyMap<string, ShaderType>;
}

/**
 * Checks that shaders can declare a struct.
 * @throws InvalidStructError `PERFLOC_TYPED_NOT_ON_GPU`, with the path of the field at fault
 */
export function checkOnGpu(struct: ShaderStruct, abi: Abi): void {
  checkPart(struct.name, struct, abi, undefined);
}

/** What shaders have not for a packed struct. */
export const PACKED_ON_GPU: GpuLack = {
  what: "packed structs",
  hint: "Leave out packed, or pack with bits() into a u32.",
};

/** Visits a struct once for each field of its type, which is cheap: structs for GPUs are small. */
function checkPart(structName: string, type: ShaderType, abi: Abi, path: string | undefined): void {
  const lack = type.lackOnGpu(abi);
  if (lack !== undefined) {
    throw new InvalidStructError(
      "PERFLOC_TYPED_NOT_ON_GPU",
      structName,
      path,
      `${path === undefined ? "it" : `field ${path}`} cannot be declared in shaders: ${abi.name} has no ${lack.what} in buffers`,
      lack.hint,
    );
  }
  if (isStruct(type)) {
    const prefix = path === undefined ? "" : `${path}.`;
    for (const [name, part] of type.types) checkPart(structName, part, abi, `${prefix}${name}`);
  } else {
    for (const part of type.parts) checkPart(structName, part, abi, path);
  }
}

function isStruct(type: ShaderType): type is ShaderStruct {
  return "types" in type;
}
