/** Traces of a few operations, whose checksums can be added up by hand. */
import {
  type ContextTrace,
  type MallocTrace,
  parseTrace,
  type Trace,
} from "@perfloc-tooling/traces";

/**
 * Every opcode once at least. Contexts and objects are left over, an object has no bytes, one moves when it is resized.
 *
 * Deaths 0+1+2+3+4+5 = 15, read back after the resize of object 4: 19 together.
 */
const TINY_CONTEXT_TRACE = `# contexts 3 objects 6 ops 14 peak_live_bytes 5108
c 1 0 allocset Top
c 2 1 allocset Child
a 1 0 100
a 2 1 0
a 2 2 16
f 2
R 2
a 2 3 8
c 3 2 generation Grandchild
a 3 4 4
r 4 5000
p 3 0
D 2
a 1 5 4
`;
export const TINY_CONTEXT_CHECKSUM = 19;

/** Deaths 0+1+2+3 = 6, read back after the resize of objects 1 and 3: 10 together. */
const TINY_MALLOC_TRACE = `2941
4
8
1
a 0 3
a 1 24
t 2
r 1 2900
a 2 1
f 0
a 3 0
r 3 40
f 1
`;
export const TINY_MALLOC_CHECKSUM = 10;

export function tinyContextTrace(): ContextTrace {
  return ofKind(parseTrace(Buffer.from(TINY_CONTEXT_TRACE), "tiny.mct"), "contexts");
}

export function tinyMallocTrace(): MallocTrace {
  return ofKind(parseTrace(Buffer.from(TINY_MALLOC_TRACE), "tiny.rep"), "malloc");
}

function ofKind<Kind extends Trace["kind"]>(
  trace: Trace,
  kind: Kind,
): Extract<Trace, { kind: Kind }> {
  if (trace.kind !== kind) throw new TypeError(`expected a trace of ${kind}, found ${trace.kind}`);
  return trace as Extract<Trace, { kind: Kind }>;
}
