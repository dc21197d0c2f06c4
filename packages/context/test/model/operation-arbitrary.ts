/** Operations for fast-check: it makes programs and shrinks those that fail. */
import fc from "fast-check";
import { ALIGNMENTS, EDGE_LENGTHS, OPERATION_NAMES, type Operation } from "./operation.js";

const byteLength = fc.oneof(
  { weight: 6, arbitrary: fc.nat(200) },
  { weight: 3, arbitrary: fc.constantFrom(...EDGE_LENGTHS) },
  { weight: 2, arbitrary: fc.nat(40_000) },
  { weight: 1, arbitrary: fc.nat(300_000) },
);

const operation: fc.Arbitrary<Operation> = fc.record({
  name: fc.constantFrom(...OPERATION_NAMES, "alloc", "alloc", "free", "realloc", "checkpoint"),
  context: fc.nat(15),
  target: fc.nat(65_535),
  byteLength,
  alignment: fc.constantFrom(...ALIGNMENTS),
  choice: fc.nat(63),
});

/** Programs of up to `maxLength` operations. */
export function programs(maxLength: number): fc.Arbitrary<Operation[]> {
  return fc.array(operation, { maxLength, size: "max" });
}
