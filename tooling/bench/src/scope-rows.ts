/** Rows that open a scope for each request and drop it. */
import { fileURLToPath } from "node:url";
import { mallocSides } from "./malloc-sides.js";
import type { NativeProgram } from "./native-programs.js";
import type { Row, ScriptPeer, Side } from "./row.js";
import type { ScopeShape } from "./scope-shape.js";
import type { Workshop } from "./workshop.js";

const CONTEXTS = fileURLToPath(new URL("./perfloc/scope-process.js", import.meta.url));
const COLLECTED = fileURLToPath(new URL("./peers/scope-process.js", import.meta.url));

/** Of 100,000 operations each: 50 ms in a bump context, a second or two in Float64Arrays. */
const PASSES = 51;

type ScopeKind = "allocset" | "bump";

/** Perfloc's contexts against scopes in C, and against what JavaScript has for the garbage collector. */
export function scopeRow(name: string, kind: ScopeKind, shape: ScopeShape): Row {
  const { allocationCount, depth } = shape;
  const where = depth === 1 ? `one ${kind} context` : `${depth} nested ${kind} contexts`;
  const args = argsOf(shape);
  return {
    name,
    summary: `requests of ${allocationCount} allocations of 8 to 256 bytes in ${where}; an operation is one allocation`,
    question: "scopes",
    prepare(workshop) {
      return {
        perfloc: { path: CONTEXTS, args: [kind, ...args] },
        peers: [
          collected("plain objects", "sized-object", args),
          onFirstRuntimeOnly(collected("Buffer.allocUnsafe", "node-buffer", args)),
          onFirstRuntimeOnly(collected("@protobufjs/pool", "protobufjs-pool", args)),
          onFirstRuntimeOnly(collected("new Float64Array", "float64-array", args)),
          ...mallocSides(workshop, "scopes-malloc", args),
          ...native(workshop, "talloc", "scopes-talloc", args),
          ...native(workshop, "APR pool", "scopes-apr", args),
        ],
      };
    },
  };
}

/** What the contexts themselves cost: opened, at most one allocation, dropped. */
export function openAndDropRow(name: string, kind: ScopeKind, allocationCount: 0 | 1): Row {
  const what = allocationCount === 0 ? "stays empty" : "gets one allocation";
  const args = argsOf({ allocationCount, depth: 1 });
  return {
    name,
    summary: `${kind} contexts: one is opened, ${what}, and is dropped: one operation`,
    question: "scopes",
    prepare(workshop) {
      return {
        perfloc: { path: CONTEXTS, args: [kind, ...args] },
        peers: [
          ...native(workshop, "talloc", "scopes-talloc", args),
          ...native(workshop, "APR pool", "scopes-apr", args),
        ],
      };
    },
  };
}

function argsOf({ allocationCount, depth }: ScopeShape): readonly string[] {
  return [`${allocationCount}`, `${depth}`, `${PASSES}`];
}

function collected(label: string, kind: string, args: readonly string[]): ScriptPeer {
  return { label, path: COLLECTED, args: [kind, ...args] };
}

function onFirstRuntimeOnly(peer: ScriptPeer): ScriptPeer {
  return { ...peer, isOnFirstRuntimeOnly: true };
}

/** Nobody where the program cannot be built. */
function native(
  { programs }: Workshop,
  label: string,
  program: NativeProgram,
  args: readonly string[],
): Side[] {
  const command = programs.build(program);
  return command === undefined ? [] : [{ label, command, args }];
}
