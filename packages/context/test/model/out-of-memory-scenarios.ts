/** Programs that ask the source for memory in every way that contexts have. */
import { randomFrom } from "@perfloc-tooling/testkit";
import {
  OP_ALLOC,
  OP_CREATE,
  OP_DROP,
  OP_FREE,
  OP_REALLOC,
  OP_REPARENT,
  OP_RESET,
  RECORD_LENGTH,
  readTrace,
  shippedTraces,
} from "@perfloc-tooling/traces";
import { type ContextKind, PAGE_BYTES } from "@perfloc/context";
import type { ContextRecord, ObjectRecord } from "./context-record.js";
import { fail } from "./fail.js";
import type { OutOfMemoryProbe, Scenario } from "./out-of-memory-probe.js";

/** Operations of the recorded trace that are replayed: enough to grow over many top chunks. */
const TRACE_OPERATIONS = 6000;

export const scenarios: Readonly<Record<string, Scenario>> = {
  "allocset growth": (probe) => grow(probe, "allocset"),
  "bump growth": (probe) => grow(probe, "bump"),
  "slab growth": (probe) => grow(probe, "slab"),
  "big objects": bigObjects,
  "moves by realloc": reallocMoves,
  "a deep tree": deepTree,
  "checkpoints and rollbacks": markCycles,
  "a recorded trace": recordedTrace,
  "reset cycles": resetCycles,
  "moves between limited parents": limitedParents,
  "zeroed allocations": zeroedAllocations,
  "aligned allocations": alignedAllocations,
};

/** In process chunks of a page, so that no shorter chunk can do instead of the one that is refused. */
function grow(probe: OutOfMemoryProbe, kind: ContextKind): void {
  const { model } = probe;
  const context = model.open(undefined, {
    kind,
    maxChunkBytes: PAGE_BYTES,
    ...(kind === "slab" && { slotBytes: 600 }),
  });
  const random = randomFrom(1);
  for (let step = 0; step < 1500; step++) {
    const byteLength = Math.floor(random() * 600);
    probe.attempt(context, () => model.alloc(context, byteLength));
  }
}

/** Longer than a shared chunk; longer than a top chunk. */
function bigObjects(probe: OutOfMemoryProbe): void {
  const { model } = probe;
  const context = model.open(undefined, {});
  const bump = model.open(context, { kind: "bump" });
  for (let step = 0; step < 24; step++) {
    const byteLength = 33_000 + ((step * 7919) % 60_000);
    const object = probe.attempt(context, () => model.alloc(context, byteLength));
    probe.attempt(bump, () => model.alloc(bump, 40_000 + step));
    if (step % 3 === 0) model.free(context, object);
  }
}

function reallocMoves(probe: OutOfMemoryProbe): void {
  const { model } = probe;
  const context = model.open(undefined, {});
  let growing = probe.attempt(context, () => model.alloc(context, 10));
  for (let byteLength = 16; byteLength < 400_000; byteLength = Math.ceil(byteLength * 1.4)) {
    // What lies behind it keeps the object from growing where it is.
    probe.attempt(context, () => model.alloc(context, byteLength >>> 2));
    const moving: ObjectRecord = growing;
    growing = probe.attempt(context, () => model.realloc(context, moving, byteLength));
  }
  probe.attempt(context, () => model.realloc(context, growing, 100));
}

function deepTree(probe: OutOfMemoryProbe): void {
  const { model } = probe;
  const kinds = ["allocset", "bump", "slab"] as const;
  let context = model.open(undefined, {});
  for (let depth = 0; depth < 90; depth++) {
    const kind = kinds[depth % kinds.length]!;
    const parent = context;
    context = model.open(parent, { kind, ...(kind === "slab" && { slotBytes: 200 }) });
    const child = context;
    probe.attempt(child, () => model.alloc(child, 200));
    probe.attempt(parent, () => model.alloc(parent, 150));
  }
}

function markCycles(probe: OutOfMemoryProbe): void {
  const { model } = probe;
  const context = model.open(undefined, { maxChunkBytes: PAGE_BYTES });
  for (let cycle = 0; cycle < 20; cycle++) {
    const kept = probe.attempt(context, () => model.alloc(context, 3000 + cycle));
    model.checkpoint(context);
    probe.attempt(context, () => model.realloc(context, kept, 9000));
    model.checkpoint(context);
    for (let step = 0; step < 6; step++) {
      const object = probe.attempt(context, () => model.alloc(context, 5000));
      if (step % 2 === 0) model.free(context, object);
    }
    const [outer, inner] = context.marks;
    if (cycle % 3 === 0 && outer !== undefined) model.rollback(context, outer);
    else if (cycle % 3 === 1 && inner !== undefined) model.rollback(context, inner);
    const [left] = context.marks;
    if (left !== undefined) model.commit(context, left);
  }
}

function resetCycles(probe: OutOfMemoryProbe): void {
  const { model } = probe;
  const context = model.open(undefined, { maxChunkBytes: PAGE_BYTES });
  for (let cycle = 0; cycle < 12; cycle++) {
    const child = model.open(context, { kind: "bump", initialBytes: 8192, maxChunkBytes: 8192 });
    for (let step = 0; step < 100 + cycle * 40; step++) {
      probe.attempt(context, () => model.alloc(context, 300));
      if (step % 4 === 0) probe.attempt(child, () => model.alloc(child, 500));
    }
    model.reset(context, cycle % 2 === 0 ? "keep" : "drop");
  }
}

function limitedParents(probe: OutOfMemoryProbe): void {
  const { model } = probe;
  const parents = [0, 1, 2].map(() => model.open(undefined, {}));
  for (const parent of parents) model.setLimit(parent, 2 ** 22);
  const child = model.open(parents[0], {});
  for (let step = 0; step < 60; step++) {
    probe.attempt(child, () => model.alloc(child, 2500));
    const parent = parents[step % parents.length]!;
    model.setParent(child, parent);
    probe.attempt(parent, () => model.alloc(parent, 1200));
  }
}

function zeroedAllocations(probe: OutOfMemoryProbe): void {
  const { model } = probe;
  const context = model.open(undefined, { maxChunkBytes: PAGE_BYTES });
  for (let step = 0; step < 240; step++) {
    const byteLength = (step * 577) % 9000;
    const object = probe.attempt(context, () => model.allocZeroed(context, byteLength));
    if (step % 3 === 0) model.free(context, object);
  }
}

function alignedAllocations(probe: OutOfMemoryProbe): void {
  const { model } = probe;
  const allocset = model.open(undefined, {});
  const bump = model.open(undefined, { kind: "bump" });
  for (let step = 0; step < 120; step++) {
    const alignment = 2 ** (step % 13);
    const context = step % 2 === 0 ? allocset : bump;
    const byteLength = step % 10 === 0 ? 33_000 : step * 5;
    probe.attempt(context, () => model.alloc(context, byteLength, alignment));
  }
}

/** The beginning of one PostgreSQL session. */
function recordedTrace(probe: OutOfMemoryProbe): void {
  const { model } = probe;
  const ops = recordedOperations();
  const contexts = new Map<number, ContextRecord>();
  const objects = new Map<number, ObjectRecord>();
  for (let at = 0; at < TRACE_OPERATIONS * RECORD_LENGTH; at += RECORD_LENGTH) {
    const [opcode, first, second, third] = ops.subarray(at, at + RECORD_LENGTH);
    if (opcode === OP_CREATE) {
      contexts.set(first!, model.open(contexts.get(second!), {}));
      continue;
    }
    const context = contexts.get(first!) ?? fail("the trace uses a context that is not open");
    if (opcode === OP_ALLOC) {
      objects.set(
        second!,
        probe.attempt(context, () => model.alloc(context, third!)),
      );
    } else if (opcode === OP_REALLOC) {
      const object = objects.get(second!)!;
      objects.set(
        second!,
        probe.attempt(context, () => model.realloc(context, object, third!)),
      );
    } else if (opcode === OP_FREE) model.free(context, objects.get(second!)!);
    else if (opcode === OP_RESET) model.reset(context, "keep");
    else if (opcode === OP_REPARENT) model.setParent(context, contexts.get(second!));
    else if (opcode === OP_DROP) model.drop(context);
  }
}

let recorded: Int32Array | undefined;

function recordedOperations(): Int32Array {
  const trace = shippedTraces.find(({ kind }) => kind === "contexts") ?? fail("no context trace");
  recorded ??= readTrace(trace.url).ops;
  return recorded;
}
