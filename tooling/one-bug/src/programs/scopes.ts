/** Bugs with the lives of contexts: reset, drop, marks, parents, callbacks, leaks. */
import { ALL, type BugProgram, GUARDED } from "../program.js";

const DROPPED = "PERFLOC_CONTEXT_DROPPED";
const STALE_MARK = "PERFLOC_CONTEXT_STALE_MARK";

export const scopes: readonly BugProgram[] = [
  {
    bug: "a dropped context is allocated in",
    layer: "context",
    code: DROPPED,
    foundOn: ALL,
    run({ context }) {
      context.drop();
      context.alloc(8);
    },
  },
  {
    bug: "an object is freed after its context was dropped",
    layer: "context",
    code: DROPPED,
    foundOn: ALL,
    run({ context }) {
      const address = context.alloc(8);
      context.drop();
      context.free(address);
    },
  },
  {
    bug: "a context is dropped twice",
    layer: "context",
    code: DROPPED,
    foundOn: ALL,
    run({ context }) {
      context.drop();
      context.drop();
    },
  },
  {
    bug: "a child is used after the reset of its parent",
    layer: "context",
    code: DROPPED,
    foundOn: ALL,
    run({ context }) {
      const child = context.open("child");
      context.reset();
      child.alloc(8);
    },
  },
  {
    bug: "a context is opened in a heap that was disposed",
    layer: "context",
    code: "PERFLOC_CONTEXT_HEAP_DISPOSED",
    foundOn: ALL,
    run({ heap }) {
      heap.dispose();
      heap.open("late");
    },
  },
  {
    bug: "marks are rolled back to out of order",
    layer: "context",
    code: STALE_MARK,
    foundOn: ALL,
    run({ context }) {
      const outer = context.checkpoint();
      const inner = context.checkpoint();
      context.rollback(outer);
      context.rollback(inner);
    },
  },
  {
    bug: "a mark is used after a reset",
    layer: "context",
    code: STALE_MARK,
    foundOn: ALL,
    run({ context }) {
      const mark = context.checkpoint();
      context.reset();
      context.commit(mark);
    },
  },
  {
    bug: "the mark of another context is rolled back to",
    layer: "context",
    code: STALE_MARK,
    foundOn: ALL,
    run({ context, heap }) {
      heap.open("other").rollback(context.checkpoint());
    },
  },
  {
    bug: "an object is overrun between a mark and its rollback",
    layer: "context",
    code: "PERFLOC_CONTEXT_OVERRUN",
    foundOn: GUARDED,
    run({ context, poke }) {
      const mark = context.checkpoint();
      poke(context.alloc(24) + 24, 1);
      context.rollback(mark);
    },
  },
  {
    bug: "a context becomes its own grandparent",
    layer: "context",
    code: "PERFLOC_CONTEXT_INVALID_PARENT",
    foundOn: ALL,
    run({ context }) {
      context.setParent(context.open("child").open("grandchild"));
    },
  },
  {
    bug: "a reset callback drops the context that is being reset",
    layer: "context",
    code: "PERFLOC_CONTEXT_RESET_CALLBACK",
    foundOn: ALL,
    run({ context }) {
      context.onReset(() => context.drop());
      context.reset();
    },
  },
  {
    bug: "an object is forgotten in a context that expects all to be freed",
    layer: "context",
    code: "PERFLOC_CONTEXT_LEAK",
    foundOn: GUARDED,
    run({ context }) {
      const cache = context.open("cache", { expectFreed: true });
      cache.free(cache.alloc(24));
      cache.alloc(100);
    },
  },
];
