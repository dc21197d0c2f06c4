/** Structs of a program as text of C. */
import type { RandomStruct } from "./random-layouts.js";

/** The declarations of all structs, each once: a later one contains earlier ones. */
export function declarations(structs: readonly RandomStruct[], pragma: string = ""): string {
  const blocks = new Map<string, string>();
  for (const { type } of structs) {
    const declared: string = type.toC();
    for (const [block, name] of declared.matchAll(/^struct (\w+) \{[^]*?^\}[^\n]*;$/gm))
      blocks.set(name!, block);
  }
  const headers = "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n";
  return `${headers}${pragma}\n${[...blocks.values()].join("\n")}`;
}
