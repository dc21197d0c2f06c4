/** Bugs in the use of the layers around contexts: arena, trim, typed. */
import { Arena, Trimmer, keepAll, ref, struct, u32, u8 } from "@perfloc/typed";
import { ALL, type BugProgram, CHECKED } from "../program.js";

const Point = struct("Point", { x: u32, y: u32 });
const Small = struct("Small", { level: u8 });
const Node = struct("Node", { next: ref(Point) });

export const layers: readonly BugProgram[] = [
  {
    bug: "a span is released twice",
    layer: "arena",
    code: "PERFLOC_ARENA_INVALID_ADDRESS",
    foundOn: ALL,
    run() {
      using arena = new Arena();
      const span = arena.reserve(4096);
      arena.release(span);
      arena.release(span);
    },
  },
  {
    bug: "a span of a context is released",
    layer: "arena",
    code: "PERFLOC_ARENA_OWNED",
    foundOn: ALL,
    run({ heap, context }) {
      heap.arena.release(context.alloc(8) & ~4095);
    },
  },
  {
    bug: "a top chunk in use is released",
    layer: "arena",
    code: "PERFLOC_ARENA_CHUNK_IN_USE",
    foundOn: ALL,
    run({ heap, context }) {
      context.alloc(8);
      heap.arena.releaseChunk(0);
    },
  },
  {
    bug: "a top chunk is looked at after its release",
    layer: "arena",
    code: "PERFLOC_ARENA_CHUNK_RELEASED",
    foundOn: ALL,
    run() {
      using arena = new Arena();
      const span = arena.reserve(4096);
      const chunk = arena.chunkAt(span);
      arena.release(span);
      arena.releaseChunk(chunk.index);
      chunk.u8.fill(0);
    },
  },
  {
    bug: "a disposed arena is reserved from",
    layer: "arena",
    code: "PERFLOC_ARENA_DISPOSED",
    foundOn: ALL,
    run() {
      const arena = new Arena();
      arena.dispose();
      arena.reserve(4096);
    },
  },
  {
    bug: "a policy trims while it is asked",
    layer: "trim",
    code: "PERFLOC_TRIM_IN_PROGRESS",
    foundOn: ALL,
    run({ heap, context }) {
      context.alloc(8);
      const trimmer: Trimmer = new Trimmer(heap, {
        ...keepAll(),
        decide() {
          trimmer.trim();
          return [];
        },
      });
      trimmer.trim();
    },
  },
  {
    bug: "time is NaN",
    layer: "trim",
    code: "PERFLOC_TRIM_INVALID_TIME",
    foundOn: ALL,
    run({ heap }) {
      new Trimmer(heap).tick(Number.NaN);
    },
  },
  {
    bug: "an element past the end of a struct array is used",
    layer: "typed",
    code: "PERFLOC_TYPED_INDEX_OUT_OF_BOUNDS",
    foundOn: ALL,
    run({ context }) {
      Point.array(context, 3).at(3);
    },
  },
  {
    bug: "300 is written to a field of 8 bits",
    layer: "typed",
    code: "PERFLOC_TYPED_INVALID_VALUE",
    foundOn: CHECKED,
    run({ context }) {
      Small.cursor(context, Small.alloc(context)).level = 300;
    },
  },
  {
    bug: "a NULL reference is followed",
    layer: "typed",
    code: "PERFLOC_TYPED_NULL_REFERENCE",
    foundOn: ALL,
    run({ context }) {
      const node = Node.cursor(context, Node.alloc(context, { next: 0 }));
      Point.cursor(context, 0).x = node.next;
    },
  },
];
