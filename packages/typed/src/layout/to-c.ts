/** A struct as C declares it, with assertions that let the C compiler confirm the layout. */
import type { Abi } from "./abi.js";
import { InvalidStructError } from "../errors.js";
import type { Layout } from "./layout.js";

/** A type, as far as its declaration in C is concerned. */
interface DeclaredType {
  /** The types that it is made of. */
  readonly parts: readonly DeclaredType[];
  /** The type without another alignment or byte order. */
  readonly unmodified: DeclaredType;
  /** The members of a struct in C that a field of this type is, without semicolons. */
  members(name: string): readonly string[];
}

/** What C needs to know of a struct. */
export interface DeclaredStruct extends DeclaredType {
  readonly name: string;
  readonly isPacked: boolean;
  /** The alignment that the program asked for. */
  readonly minAlign: number;
  readonly types: ReadonlyMap<string, DeclaredType>;
  layoutFor(abi: Abi): Layout;
}

/** Declares the structs in `types` and those that they are made of, inner ones first. */
export function toC(struct: DeclaredStruct, abi: Abi): string {
  if (abi.isGpu) {
    throw new InvalidStructError(
      "PERFLOC_TYPED_NOT_IN_C",
      struct.name,
      undefined,
      `C has no layout like that of ${abi.name}`,
      "Declare it in the language of the GPU. c, i386 and wasm32 can be declared in C.",
    );
  }
  const structs = new Set<DeclaredStruct>();
  addInnerFirst(struct, structs);
  const names = new Set<string>();
  for (const { name } of structs) {
    if (names.has(name)) throw twice(struct, name);
    names.add(name);
  }
  const headers = ["stdbool", "stddef", "stdint"].map((header) => `#include <${header}.h>`);
  const declared = [...structs].map((inner) => `${declare(inner)}\n${assertions(inner, abi)}`);
  return `${headers.join("\n")}\n\n${declared.join("\n\n")}\n`;
}

function addInnerFirst({ unmodified: type }: DeclaredType, structs: Set<DeclaredStruct>): void {
  if (isStruct(type) && structs.has(type)) return;
  for (const part of type.parts) addInnerFirst(part, structs);
  if (isStruct(type)) structs.add(type);
}

function isStruct(type: DeclaredType): type is DeclaredStruct {
  return "layoutFor" in type;
}

function declare({ name, types, isPacked, minAlign }: DeclaredStruct): string {
  const members = [...types].flatMap(([member, type]) => type.members(member));
  const attributes = [isPacked ? "packed" : "", minAlign > 1 ? `aligned(${minAlign})` : ""];
  const given = attributes.filter((attribute) => attribute !== "").join(", ");
  const lines = members.map((member) => `  ${member};\n`);
  return `struct ${name} {\n${lines.join("")}}${given === "" ? "" : ` __attribute__((${given}))`};`;
}

function assertions(struct: DeclaredStruct, abi: Abi): string {
  const { size, align, members } = struct.layoutFor(abi);
  const name = `struct ${struct.name}`;
  const facts = [
    `sizeof(${name}) == ${size}`,
    `_Alignof(${name}) == ${align}`,
    ...members
      .filter((member) => member.bits === undefined)
      .map((member) => `offsetof(${name}, ${member.name}) == ${member.byteOffset}`),
  ];
  return facts.map((fact) => `_Static_assert(${fact}, "${fact}");`).join("\n");
}

function twice(struct: DeclaredStruct, name: string): InvalidStructError {
  return new InvalidStructError(
    "PERFLOC_TYPED_NOT_IN_C",
    struct.name,
    undefined,
    `it contains two structs of the name ${name}`,
    "Structs in one declaration of C need names of their own.",
  );
}
