/** Bugs of programs that write where they may not. */
import { ALL, type BugProgram, DEBUG, GUARDED } from "../program.js";

const OVERRUN = "PERFLOC_CONTEXT_OVERRUN";
const WRITE_AFTER_FREE = "PERFLOC_CONTEXT_WRITE_AFTER_FREE";
const USE_AFTER_FREE = "PERFLOC_CONTEXT_USE_AFTER_FREE";

export const writing: readonly BugProgram[] = [
  {
    bug: "a zero is written one byte past the end",
    layer: "context",
    code: OVERRUN,
    foundOn: GUARDED,
    run({ context, poke }) {
      const address = context.alloc(13);
      poke(address + 13, 0);
      context.free(address);
    },
  },
  {
    bug: "a word is written past the end of a big object",
    layer: "context",
    code: OVERRUN,
    foundOn: GUARDED,
    run({ context, poke }) {
      const address = context.alloc(40_000);
      for (let at = 0; at < 4; at++) poke(address + 40_000 + at, 7);
      context.free(address);
    },
  },
  {
    bug: "an object of 0 bytes is written to",
    layer: "context",
    code: OVERRUN,
    foundOn: GUARDED,
    run({ context, poke }) {
      const address = context.alloc(0);
      poke(address, 1);
      context.free(address);
    },
  },
  {
    bug: "a byte is written before the beginning of an object",
    layer: "context",
    code: OVERRUN,
    foundOn: GUARDED,
    run({ context, poke }) {
      context.alloc(24);
      poke(context.alloc(24) - 1, 1);
      context.reset();
    },
  },
  {
    bug: "a write before the first object of a chunk hits its header",
    layer: "context",
    code: "PERFLOC_CONTEXT_CORRUPT",
    foundOn: DEBUG,
    run({ context, poke }) {
      poke(context.alloc(24) - 1, 1);
      context.reset();
    },
  },
  {
    bug: "an object of a bump context is overrun",
    layer: "context",
    code: OVERRUN,
    foundOn: GUARDED,
    run({ context, poke }) {
      const bump = context.open("bump", { kind: "bump" });
      poke(bump.alloc(24) + 24, 1);
      bump.reset();
    },
  },
  {
    bug: "a full slot of a slab is overrun",
    layer: "context",
    code: OVERRUN,
    foundOn: DEBUG,
    run({ context, poke }) {
      const slab = context.open("slab", { kind: "slab", slotBytes: 32 });
      poke(slab.alloc(32) + 32, 1);
      slab.drop();
    },
  },
  {
    bug: "the part of a slot that was not asked for is written to",
    layer: "context",
    code: OVERRUN,
    foundOn: GUARDED,
    run({ context, poke }) {
      const slab = context.open("slab", { kind: "slab", slotBytes: 32 });
      poke(slab.alloc(20) + 20, 1);
      slab.drop();
    },
  },
  {
    bug: "an object with an alignment of 256 is overrun",
    layer: "context",
    code: OVERRUN,
    foundOn: GUARDED,
    run({ context, poke }) {
      poke(context.alloc(100, 256) + 100, 1);
      context.drop();
    },
  },
  {
    bug: "a freed object is written to",
    layer: "context",
    code: WRITE_AFTER_FREE,
    foundOn: GUARDED,
    run({ context, poke }) {
      const address = context.alloc(40);
      context.free(address);
      poke(address + 20, 1);
    },
  },
  {
    bug: "a freed big object is written to",
    layer: "context",
    code: WRITE_AFTER_FREE,
    foundOn: GUARDED,
    run({ context, poke }) {
      const address = context.alloc(40_000);
      context.free(address);
      poke(address, 1);
    },
  },
  {
    bug: "the old place of an object is written to after a realloc",
    layer: "context",
    code: WRITE_AFTER_FREE,
    foundOn: GUARDED,
    run({ context, poke }) {
      const address = context.alloc(100);
      context.realloc(address, 110);
      poke(address, 1);
    },
  },
  {
    bug: "a freed object is looked at",
    layer: "context",
    code: USE_AFTER_FREE,
    foundOn: GUARDED,
    run({ context }) {
      const address = context.alloc(40);
      context.free(address);
      context.bytes(address, 40);
    },
  },
  {
    bug: "more bytes than were asked for are looked at",
    layer: "context",
    code: "PERFLOC_CONTEXT_INVALID_ADDRESS",
    foundOn: GUARDED,
    run({ context }) {
      const address = context.alloc(40);
      context.alloc(40);
      context.bytes(address, 41);
    },
  },
  {
    bug: "the link of a free list, in the cell of a freed slot, is overwritten",
    layer: "context",
    code: "PERFLOC_CONTEXT_CORRUPT",
    // On `sample` the freed objects wait in the quarantine, and a drop reads no cells.
    foundOn: ["off", "check", "debug"],
    run({ context, heap }) {
      const [first, second] = [context.alloc(40), context.alloc(40)];
      context.free(first);
      context.free(second);
      heap.arena.planes.cells[second >>> 4]! ^= 0x5500;
      for (let count = 0; count < 3; count++) context.alloc(40);
    },
  },
  {
    bug: "memory is written to after its reset",
    layer: "context",
    code: "PERFLOC_CONTEXT_WRITE_AFTER_RESET",
    foundOn: DEBUG,
    run({ context, poke }) {
      const address = context.alloc(40);
      context.reset();
      poke(address, 1);
    },
  },
  {
    bug: "the header of a process chunk is overwritten",
    layer: "context",
    code: "PERFLOC_CONTEXT_CORRUPT",
    foundOn: ALL,
    run({ heap, context, poke }) {
      poke(context.alloc(40) & ~4095, 1);
      heap.verify();
    },
  },
];
