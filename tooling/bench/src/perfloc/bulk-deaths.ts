import { OP_ALLOC, OP_FREE, RECORD_LENGTH } from "@perfloc-tooling/traces";

/**
 * The sum of the ids that no operation frees: they die with their context, or are left over at the end of a pass.
 *
 * The programs in C find these objects one by one and add their ids to the checksum. Nothing in a memory context looks at its
 * objects when it is reset, so the replays here add the sum as a whole.
 */
export function sumOfBulkDeaths(ops: Int32Array): number {
  let sum = 0;
  for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
    if (ops[at] === OP_ALLOC) sum += ops[at + 2]!;
    else if (ops[at] === OP_FREE) sum -= ops[at + 2]!;
  }
  return sum;
}
