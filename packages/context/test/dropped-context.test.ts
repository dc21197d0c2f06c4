import { Heap, type MemoryContext, UseAfterDropError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { allocMany, checkLevels, checkRefused, kinds, optionsOf } from "./support/fixtures.js";

const DROPPED = "PERFLOC_CONTEXT_DROPPED";

/** Every public method of a context, with arguments that were good before the drop. */
function callsOn(
  heap: Heap,
  context: MemoryContext,
  address: number,
): Record<string, () => unknown> {
  return {
    alloc: () => context.alloc(8),
    "alloc of 0 bytes": () => context.alloc(0),
    "alloc of a big object": () => context.alloc(100_000),
    "alloc with an alignment": () => context.alloc(8, 16),
    "alloc of a class that has freed slots": () => context.alloc(24),
    allocZeroed: () => context.allocZeroed(8),
    tryAlloc: () => context.tryAlloc(8),
    free: () => {
      context.free(address);
    },
    realloc: () => context.realloc(address, 16),
    sizeOf: () => context.sizeOf(address),
    bytes: () => context.bytes(address, 8),
    open: () => context.open("late"),
    reset: () => {
      context.reset();
    },
    "reset keeping children": () => {
      context.reset({ children: "keep" });
    },
    drop: () => {
      context.drop();
    },
    dropChildren: () => {
      context.dropChildren();
    },
    setParent: () => {
      context.setParent(heap);
    },
    checkpoint: () => context.checkpoint(),
    onReset: () => context.onReset(() => undefined),
    setLimit: () => {
      context.setLimit(Infinity);
    },
    stats: () => context.stats(),
  };
}

/** The ways in which a context goes away. */
const endings: Record<string, (context: MemoryContext, parent: MemoryContext) => void> = {
  "its own drop": (context) => {
    context.drop();
  },
  "its own dispose": (context) => {
    context[Symbol.dispose]();
  },
  "the drop of its parent": (_, parent) => {
    parent.drop();
  },
  "the reset of its parent": (_, parent) => {
    parent.reset();
  },
  "dropChildren of its parent": (_, parent) => {
    parent.dropChildren();
  },
};

describe.each(checkLevels)("check level %s", (check) => {
  describe.each(kinds)("a dropped context of kind %s", (kind) => {
    test.each(Object.keys(endings))("C33 refuses every call after %s", (ending) => {
      using heap = new Heap({ check });
      const parent = heap.open("parent");
      const context = parent.open("gone", optionsOf[kind]);
      const addresses = allocMany(context, 500, 24);
      const mark = context.checkpoint();
      if (kind !== "bump") for (const freed of addresses.slice(0, 100)) context.free(freed);
      endings[ending]?.(context, parent);
      expect(context.isDropped).toBe(true);
      const calls = {
        ...callsOn(heap, context, addresses.at(-1) ?? 0),
        rollback: () => {
          context.rollback(mark);
        },
        commit: () => {
          context.commit(mark);
        },
      };
      for (const [name, call] of Object.entries(calls)) {
        const error = checkRefused(heap, call, UseAfterDropError, DROPPED);
        expect([name, error.subject]).toEqual([name, 'context "gone"']);
      }
      context[Symbol.dispose]();
      expect([context.name, context.kind]).toEqual(["gone", kind]);
    });

    test("C33 refuses calls though its memory has a new owner", () => {
      using heap = new Heap({ check });
      const gone = heap.open("gone", optionsOf[kind]);
      const address = gone.alloc(24);
      gone.drop();
      const next = heap.open("next", optionsOf[kind]);
      expect(next.alloc(24)).toBe(address);
      for (const call of Object.values(callsOn(heap, gone, address))) {
        checkRefused(heap, call, UseAfterDropError, DROPPED);
      }
      expect(next.bytes(address, 24).length).toBe(24);
    });
  });

  test("C33 contexts that were dropped do not share what was recycled from them", () => {
    using heap = new Heap({ check });
    for (let round = 0; round < 50; round++) {
      const context = heap.open("round");
      const addresses = allocMany(context, 50, 40);
      for (const address of addresses) context.free(address);
      const other = heap.open("other");
      expect(addresses.includes(other.alloc(40))).toBe(false);
      context.drop();
      checkRefused(heap, () => context.alloc(40), UseAfterDropError, DROPPED);
      other.drop();
    }
    heap.verify();
  });
});
