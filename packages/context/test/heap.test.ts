import {
  Arena,
  type ArenaOptions,
  Heap,
  type HeapOptions,
  InvalidOptionError,
  InvalidSizeError,
  ResetCallbackError,
  UseAfterDropError,
} from "@perfloc/context";
import { FailingSource } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import {
  checkEmpty,
  checkLevels,
  checkRefused,
  checkSound,
  checkThrows,
  thrownBy,
} from "./support/fixtures.js";

describe.each(checkLevels)("a heap, check level %s", (check) => {
  test("C1 opens contexts that hold nothing before their first allocation", () => {
    using heap = new Heap({ check });
    const context = heap.open("first");
    const child = context.open("second", { kind: "bump" });
    expect([context.kind, child.kind]).toEqual(["allocset", "bump"]);
    expect([context.name, child.name]).toEqual(["first", "second"]);
    expect(heap.arena.stats().heldBytes).toBe(0);
    expect(heap.stats().contexts).toBe(2);
    child.alloc(1);
    expect(heap.arena.stats().usedBytes).toBe(4096);
    checkSound(heap);
  });

  test.each([null, 5, "options"])("C2 options that are %j are no object", (options) => {
    const make = (): Heap => new Heap(options as HeapOptions);
    checkThrows(make, InvalidOptionError, "PERFLOC_CONTEXT_INVALID_OPTION");
  });

  test.each<unknown>([undefined, null, 5, Symbol("name")])(
    "C2 a name is a string, not %s",
    (name) => {
      using heap = new Heap({ check });
      const open = (): unknown => heap.open(name as string);
      checkRefused(heap, open, InvalidOptionError, "PERFLOC_CONTEXT_INVALID_OPTION");
    },
  );

  test("C4 C33 a context of a disposed heap says that the whole heap is gone", () => {
    const heap = new Heap({ check });
    const context = heap.open("gone");
    heap.dispose();
    const code = "PERFLOC_CONTEXT_DROPPED";
    const error = checkThrows(() => context.alloc(8), UseAfterDropError, code);
    expect(error.hint).toContain("Make a new Heap");
  });

  test("C3 in an arena that its owner disposed, nothing can be allocated", () => {
    const arena = new Arena();
    const heap = new Heap({ arena, check });
    const context = heap.open("left behind");
    arena.dispose();
    checkThrows(() => context.alloc(8), UseAfterDropError, "PERFLOC_ARENA_DISPOSED");
    expect(() => context.tryAlloc(8)).toThrow(UseAfterDropError);
    heap.dispose();
  });

  test("C4 C43 what is no callback's error ends a dispose, and the next goes on", () => {
    const source = new FailingSource();
    const heap = new Heap({ check, source });
    heap.open("one").alloc(8);
    const unwatch = heap.arena.watchChunks(() => {
      throw new TypeError("a listener must not throw");
    });
    expect(() => {
      heap.dispose();
    }).toThrow(TypeError);
    unwatch();
    heap.dispose();
    expect(source.live.size).toBe(0);
  });

  test("C3 passes arena options on to the arena that it makes", () => {
    const source = new FailingSource();
    using heap = new Heap({
      check,
      source,
      initialChunkBytes: 65_536,
      maxChunkBytes: 131_072,
      maxBytes: 1_000_000,
    });
    heap.open("one").alloc(8);
    expect(heap.arena.source).toBe(source);
    expect(heap.arena.stats().heldBytes).toBe(65_536);
  });

  test("C3 lives in an arena that it is given, beside another heap", () => {
    using arena = new Arena();
    using left = new Heap({ arena, check });
    using right = new Heap({ arena, check });
    const inLeft = left.open("left").alloc(100);
    const inRight = right.open("right").alloc(100);
    expect(left.arena).toBe(arena);
    expect(Math.floor(inLeft / 4096)).not.toBe(Math.floor(inRight / 4096));
    expect([left.stats().usedBytes, right.stats().usedBytes]).toEqual([4096, 4096]);
    expect(arena.stats().usedBytes).toBe(8192);
    left.verify();
    right.verify();
  });

  test("C4 dispose leaves an arena that it was given, and other heaps in it, alone", () => {
    using arena = new Arena();
    const left = new Heap({ arena, check });
    using right = new Heap({ arena, check });
    left.open("left").alloc(100_000);
    const context = right.open("right");
    const address = context.alloc(8);
    left.dispose();
    expect(arena.stats().usedBytes).toBe(4096);
    context.free(address);
    expect(context.alloc(8)).toBe(address);
    right.verify();
  });

  test("C4 dispose gives every buffer back to the source and can be done twice", () => {
    const source = new FailingSource();
    const heap = new Heap({ check, source });
    const context = heap.open("outer");
    context.open("inner").alloc(1_000_000);
    heap.dispose();
    heap.dispose();
    heap[Symbol.dispose]();
    expect(source.live.size).toBe(0);
    expect(context.isDropped).toBe(true);
    expect(heap.stats().contexts).toBe(0);
    expect(heap.describe()).toContain("no contexts are open");
    heap.verify();
    const error = checkThrows(
      () => heap.open("late"),
      UseAfterDropError,
      "PERFLOC_CONTEXT_HEAP_DISPOSED",
    );
    expect(error.subject).toBe("heap");
  });

  test("C4 a using block ends heap and context, whatever leaves it", () => {
    const source = new FailingSource();
    const leave = (): void => {
      using heap = new Heap({ check, source });
      using context = heap.open("scope");
      context.alloc(10);
      throw new RangeError("left early");
    };
    expect(leave).toThrow(RangeError);
    expect(source.live.size).toBe(0);
    using heap = new Heap({ check });
    {
      using context = heap.open("scope");
      context.alloc(10);
      context.drop();
    }
    checkEmpty(heap);
  });

  test("C43 dispose is complete though callbacks throw, and tells of all of them", () => {
    const source = new FailingSource();
    const heap = new Heap({ check, source });
    const failures = [new Error("one"), new Error("two"), new Error("three")];
    for (const failure of failures) {
      const context = heap.open("failing");
      context.alloc(100);
      context.onReset(() => {
        throw failure;
      });
    }
    const error = thrownBy(() => {
      heap.dispose();
    });
    expect(source.live.size).toBe(0);
    expect(heap.stats().contexts).toBe(0);
    expect(error).toBeInstanceOf(ResetCallbackError);
    expect((error as ResetCallbackError).errors).toEqual(failures.toReversed());
    heap.dispose();
  });

  test("C4 a callback that opens another context while the heap goes away leaves nothing behind", () => {
    const source = new FailingSource();
    const heap = new Heap({ check, source });
    const context = heap.open("outgoing");
    context.onReset(() => {
      heap.open("late").alloc(50_000);
    });
    heap.dispose();
    expect(source.live.size).toBe(0);
    expect(heap.stats().contexts).toBe(0);
  });
});

describe("options of a heap", () => {
  test.each(["Check", "on", "", 1, null, true])("C2 refuse the check level %j", (level) => {
    const options = { check: level } as unknown as HeapOptions;
    const error = checkThrows(
      () => new Heap(options),
      InvalidOptionError,
      "PERFLOC_CONTEXT_INVALID_OPTION",
    );
    expect(error.option).toBe("check");
    expect(error.value).toBe(level);
  });

  test.each<ArenaOptions>([
    { initialChunkBytes: 4096 },
    { maxChunkBytes: 65_536 },
    { maxBytes: 1 },
    { source: new FailingSource() },
  ])("C3 refuse an arena together with %j", (option) => {
    using arena = new Arena();
    const error = checkThrows(
      () => new Heap({ arena, ...option }),
      InvalidOptionError,
      "PERFLOC_CONTEXT_INVALID_OPTION",
    );
    expect(error.option).toBe(Object.keys(option)[0]);
    expect(error.hint).toContain("the constructor of the arena");
  });

  test("C3 take undefined for left out", () => {
    using arena = new Arena();
    using heap = new Heap({ arena, maxBytes: undefined, source: undefined, check: undefined });
    expect(heap.arena).toBe(arena);
    using other = new Heap({ arena: undefined });
    expect(other.arena).not.toBe(arena);
  });

  test.each([{}, 1, "arena", null])("C3 refuse %j for an arena", (arena) => {
    const options = { arena } as unknown as HeapOptions;
    checkThrows(() => new Heap(options), InvalidOptionError, "PERFLOC_CONTEXT_INVALID_OPTION");
  });

  test("C2 let the arena refuse its own", () => {
    checkThrows(() => new Heap({ maxBytes: 0 }), InvalidSizeError, "PERFLOC_ARENA_INVALID_OPTION");
  });

  test("C4 contexts in an arena that was disposed behind a heap's back can still be dropped", () => {
    const owner = new Heap();
    const guest = new Heap({ arena: owner.arena });
    const context = guest.open("guest");
    context.alloc(8);
    owner.dispose();
    context.drop();
    guest.dispose();
    expect(guest.stats().contexts).toBe(0);
  });
});
