import { REPLACEMENT_MALLOCS, SYSTEM_MALLOC } from "./native-malloc.js";
import type { NativeProgram } from "./native-programs.js";
import type { Side } from "./row.js";
import type { Workshop } from "./workshop.js";

/** One program in C, as many times as this machine has mallocs to link it with. */
export function mallocSides(
  { programs }: Workshop,
  program: NativeProgram,
  args: readonly string[],
): Side[] {
  return [SYSTEM_MALLOC, ...REPLACEMENT_MALLOCS].flatMap((malloc) => {
    const command = programs.build(program, malloc);
    return command === undefined ? [] : [{ label: malloc.label, command, args }];
  });
}
