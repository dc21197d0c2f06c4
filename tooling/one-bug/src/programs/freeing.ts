/** Bugs with free and realloc. Ideas: hardened_malloc's tests, mimalloc-bench's security programs. */
import { Heap } from "@perfloc/typed";
import { ALL, type BugProgram, GUARDED } from "../program.js";

const DOUBLE_FREE = "PERFLOC_CONTEXT_DOUBLE_FREE";
const INVALID_ADDRESS = "PERFLOC_CONTEXT_INVALID_ADDRESS";

export const freeing: readonly BugProgram[] = [
  {
    bug: "a small object is freed twice",
    layer: "context",
    code: DOUBLE_FREE,
    foundOn: ALL,
    run({ context }) {
      const address = context.alloc(24);
      context.free(address);
      context.free(address);
    },
  },
  {
    bug: "a big object is freed twice",
    layer: "context",
    code: DOUBLE_FREE,
    foundOn: ALL,
    run({ context }) {
      const address = context.alloc(100_000);
      context.free(address);
      context.free(address);
    },
  },
  {
    bug: "an object is freed again after another one took its place",
    layer: "context",
    code: DOUBLE_FREE,
    foundOn: GUARDED,
    run({ context }) {
      const address = context.alloc(24);
      context.free(address);
      context.alloc(24);
      context.free(address);
    },
  },
  {
    bug: "a slab's object is freed twice",
    layer: "context",
    code: DOUBLE_FREE,
    foundOn: ALL,
    run({ context }) {
      const slab = context.open("slab", { kind: "slab", slotBytes: 32 });
      const address = slab.alloc(32);
      slab.free(address);
      slab.free(address);
    },
  },
  {
    bug: "an address inside an object is freed",
    layer: "context",
    code: INVALID_ADDRESS,
    foundOn: ALL,
    run({ context }) {
      context.free(context.alloc(64) + 16);
    },
  },
  {
    bug: "an address that is no multiple of 16 is freed",
    layer: "context",
    code: INVALID_ADDRESS,
    foundOn: ALL,
    run({ context }) {
      context.free(context.alloc(64) + 1);
    },
  },
  {
    bug: "NULL is freed",
    layer: "context",
    code: INVALID_ADDRESS,
    foundOn: ALL,
    run({ context }) {
      context.free(0);
    },
  },
  {
    bug: "NaN is freed",
    layer: "context",
    code: INVALID_ADDRESS,
    foundOn: ALL,
    run({ context }) {
      context.free(Number.NaN);
    },
  },
  {
    bug: "an object is freed in another context",
    layer: "context",
    code: INVALID_ADDRESS,
    foundOn: ALL,
    run({ context, heap }) {
      heap.open("other").free(context.alloc(24));
    },
  },
  {
    bug: "an object of another heap is freed",
    layer: "context",
    code: INVALID_ADDRESS,
    foundOn: ALL,
    run({ context }) {
      using other = new Heap();
      const stranger = other.open("stranger");
      for (let count = 0; count < 1000; count++) stranger.alloc(1000);
      context.free(stranger.alloc(24));
    },
  },
  {
    bug: "an address that was never handed out is freed",
    layer: "context",
    code: INVALID_ADDRESS,
    foundOn: ALL,
    run({ context }) {
      context.free(context.alloc(24) + 800);
    },
  },
  {
    bug: "one object of a bump context is freed",
    layer: "context",
    code: "PERFLOC_CONTEXT_WRONG_KIND",
    foundOn: ALL,
    run({ context }) {
      const bump = context.open("bump", { kind: "bump" });
      bump.free(bump.alloc(8));
    },
  },
  {
    bug: "a freed object is reallocated",
    layer: "context",
    code: DOUBLE_FREE,
    foundOn: ALL,
    run({ context }) {
      const address = context.alloc(24);
      context.free(address);
      context.realloc(address, 100);
    },
  },
  {
    bug: "the old address is freed after a realloc that shrank the object",
    layer: "context",
    code: DOUBLE_FREE,
    foundOn: GUARDED,
    run({ context }) {
      const address = context.alloc(100);
      context.realloc(address, 96);
      context.free(address);
    },
  },
  {
    bug: "an object is freed after the reset that ended it",
    layer: "context",
    code: INVALID_ADDRESS,
    foundOn: ALL,
    run({ context }) {
      const address = context.alloc(24);
      context.reset();
      context.free(address);
    },
  },
  {
    bug: "the size of a freed object is asked for",
    layer: "context",
    code: DOUBLE_FREE,
    foundOn: ALL,
    run({ context }) {
      const address = context.alloc(24);
      context.free(address);
      context.sizeOf(address);
    },
  },
];
