import {
  type ContextMark,
  DoubleFreeError,
  Heap,
  type MemoryContext,
  StaleMarkError,
} from "@perfloc/context";
import { randomFrom } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import {
  allocMany,
  checkEmpty,
  checkLevels,
  checkRefused,
  checkSound,
  fill,
  freeingKinds,
  isFilled,
  kinds,
  optionsOf,
  SLOT_BYTES,
} from "./support/fixtures.js";

const STALE = "PERFLOC_CONTEXT_STALE_MARK";

describe.each(checkLevels)("check level %s", (check) => {
  describe.each(kinds)("marks of a %s", (kind) => {
    function open(heap: Heap): MemoryContext {
      return heap.open("marked", optionsOf[kind]);
    }

    test.each([0, 1, 63, 500])(
      "C37 rollback ends what was allocated since, with %i objects before",
      (before) => {
        using heap = new Heap({ check });
        const context = open(heap);
        const kept = allocMany(context, before, SLOT_BYTES);
        for (const [seed, address] of kept.entries()) fill(context, address, SLOT_BYTES, seed);
        const stats = context.stats();
        const arena = heap.arena.stats().usedBytes;
        const mark = context.checkpoint();
        for (const address of allocMany(context, 3000, SLOT_BYTES)) {
          fill(context, address, SLOT_BYTES, 255);
        }
        context.rollback(mark);
        expect(context.stats()).toEqual(stats);
        expect(heap.arena.stats().usedBytes).toBe(arena);
        expect(kept.every((address, seed) => isFilled(context, address, SLOT_BYTES, seed))).toBe(
          true,
        );
        checkSound(heap);
        allocMany(context, 3000, SLOT_BYTES);
        checkSound(heap);
      },
    );

    test("C37 rollback gives the same addresses again", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      allocMany(context, 10, SLOT_BYTES);
      const mark = context.checkpoint();
      const first = allocMany(context, 500, SLOT_BYTES);
      context.rollback(mark);
      const again = context.checkpoint();
      expect(allocMany(context, 500, SLOT_BYTES)).toEqual(first);
      context.rollback(again);
      checkSound(heap);
    });

    test("C37 10,000 cycles of checkpoint and rollback do not grow", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      allocMany(context, 10, SLOT_BYTES);
      const cycle = (): void => {
        const mark = context.checkpoint();
        for (let count = 0; count < 100; count++) context.alloc(SLOT_BYTES);
        context.rollback(mark);
      };
      cycle();
      const before = heap.stats();
      for (let count = 0; count < 10_000; count++) cycle();
      expect({ ...heap.stats(), forwards: 0 }).toEqual({ ...before, forwards: 0 });
      checkSound(heap);
    });

    test("C39 300 cycles of checkpoint, work and commit do not hold much more than the objects", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      context.alloc(8);
      for (let count = 0; count < 300; count++) {
        const mark = context.checkpoint();
        context.alloc(8);
        context.commit(mark);
      }
      expect(context.stats().usedBytes).toBeLessThanOrEqual(300 * 4096);
      checkSound(heap);
    });

    test("C40 200 marks without a rollback do not hold much more than the objects", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      context.alloc(8);
      const marks = Array.from({ length: 200 }, () => {
        const mark = context.checkpoint();
        context.alloc(8);
        return mark;
      });
      expect(context.stats().usedBytes).toBeLessThanOrEqual(200 * 4096);
      for (const mark of marks.toReversed()) context.rollback(mark);
      expect(context.stats().usedBytes).toBe(4096);
      checkSound(heap);
    });

    test("C40 going back to an earlier mark uses up the later ones", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const marks: ContextMark[] = [];
      const figures: unknown[] = [];
      for (let depth = 0; depth < 8; depth++) {
        allocMany(context, 40, SLOT_BYTES);
        figures.push(context.stats());
        marks.push(context.checkpoint());
      }
      allocMany(context, 100, SLOT_BYTES);
      for (const depth of [6, 3, 2, 0]) {
        context.rollback(marks[depth] as ContextMark);
        expect(context.stats()).toEqual(figures[depth]);
        for (const used of marks.slice(depth)) {
          checkRefused(
            heap,
            () => {
              context.rollback(used);
            },
            StaleMarkError,
            STALE,
          );
        }
        checkSound(heap);
        allocMany(context, 20, SLOT_BYTES);
      }
    });

    test("C40 committing an earlier mark commits the later ones", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const outermost = context.checkpoint();
      const addresses: number[] = [];
      const marks = Array.from({ length: 4 }, () => {
        const mark = context.checkpoint();
        addresses.push(...allocMany(context, 50, SLOT_BYTES));
        return mark;
      });
      for (const [seed, address] of addresses.entries()) fill(context, address, SLOT_BYTES, seed);
      context.commit(marks[1] as ContextMark);
      for (const used of marks.slice(1)) {
        checkRefused(
          heap,
          () => {
            context.commit(used);
          },
          StaleMarkError,
          STALE,
        );
      }
      expect(addresses.every((address, seed) => isFilled(context, address, SLOT_BYTES, seed))).toBe(
        true,
      );
      checkSound(heap);
      context.rollback(marks[0] as ContextMark);
      expect(context.stats().liveBytes).toBe(0);
      context.rollback(outermost);
      checkEmpty(heap);
    });

    test("C41 used, dead and foreign marks are refused", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const other = open(heap);
      context.alloc(8);
      const rolledBack = context.checkpoint();
      context.rollback(rolledBack);
      const committed = context.checkpoint();
      context.commit(committed);
      const dead = context.checkpoint();
      context.reset();
      const foreign = other.checkpoint();
      const noMarks = [undefined, null, {}, 0] as unknown as ContextMark[];
      for (const mark of [rolledBack, committed, dead, foreign, ...noMarks]) {
        for (const call of ["rollback", "commit"] as const) {
          const error = checkRefused(
            heap,
            () => {
              context[call](mark);
            },
            StaleMarkError,
            STALE,
          );
          expect(error.context).toBe("marked");
        }
      }
      other.rollback(foreign);
    });

    test("C37 children are not touched by a rollback", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      const mark = context.checkpoint();
      const child = context.open("child");
      const address = child.alloc(100);
      fill(child, address, 100, 1);
      context.alloc(8);
      context.rollback(mark);
      expect(isFilled(child, address, 100, 1)).toBe(true);
      checkSound(heap);
    });

    test("C29 reset and drop work below marks", () => {
      using heap = new Heap({ check });
      const context = open(heap);
      allocMany(context, 100, SLOT_BYTES);
      context.checkpoint();
      allocMany(context, 100, SLOT_BYTES);
      context.checkpoint();
      context.reset();
      checkSound(heap);
      expect(context.stats().usedBytes).toBe(4096);
      allocMany(context, 100, SLOT_BYTES);
      context.checkpoint();
      context.drop();
      checkEmpty(heap);
    });
  });

  describe.each(freeingKinds)("frees in a %s since a mark", (kind) => {
    test("C38 rollback makes freed objects live again, with their bytes", () => {
      using heap = new Heap({ check });
      const context = heap.open("marked", optionsOf[kind]);
      const addresses = allocMany(context, 300, SLOT_BYTES);
      for (const [seed, address] of addresses.entries()) fill(context, address, SLOT_BYTES, seed);
      const freedBefore = addresses.splice(100, 50);
      for (const address of freedBefore) context.free(address);
      const figures = context.stats();
      const mark = context.checkpoint();
      for (const address of addresses.slice(0, 200)) context.free(address);
      for (const address of allocMany(context, 500, SLOT_BYTES)) {
        fill(context, address, SLOT_BYTES, 254);
      }
      checkSound(heap);
      context.rollback(mark);
      expect(context.stats()).toEqual(figures);
      for (const [position, address] of addresses.entries()) {
        const seed = position < 100 ? position : position + 50;
        expect(isFilled(context, address, SLOT_BYTES, seed)).toBe(true);
        context.free(address);
      }
      expect(context.stats().liveObjects).toBe(0);
      checkSound(heap);
    });

    test("C17 an object freed since a mark cannot be freed again, nor used", () => {
      using heap = new Heap({ check: "check" });
      const context = heap.open("marked", optionsOf[kind]);
      const address = context.alloc(SLOT_BYTES);
      const mark = context.checkpoint();
      context.free(address);
      for (const call of [
        () => {
          context.free(address);
        },
        () => context.sizeOf(address),
        () => context.realloc(address, 8),
      ]) {
        checkRefused(heap, call, DoubleFreeError, "PERFLOC_CONTEXT_DOUBLE_FREE");
      }
      context.rollback(mark);
      expect(context.sizeOf(address)).toBe(SLOT_BYTES);
    });

    test("C39 after a commit what was freed meanwhile, and before, serves again", () => {
      using heap = new Heap({ check });
      const context = heap.open("marked", optionsOf[kind]);
      const addresses = allocMany(context, 60, SLOT_BYTES);
      for (const address of addresses.slice(0, 20)) context.free(address);
      const mark = context.checkpoint();
      for (const address of addresses.slice(20, 40)) context.free(address);
      const { usedBytes } = context.stats();
      context.commit(mark);
      checkSound(heap);
      const again = allocMany(context, 40, SLOT_BYTES);
      expect(new Set(again)).toEqual(new Set(addresses.slice(0, 40)));
      expect(context.stats().usedBytes).toBe(usedBytes);
      checkSound(heap);
    });

    test("C38, C40 random frees under nested marks come back as they were", () => {
      const seed = 38;
      const random = randomFrom(seed);
      for (let round = 0; round < 6; round++) {
        using heap = new Heap({ check });
        const context = heap.open("marked", optionsOf[kind]);
        let live = allocMany(context, 200, SLOT_BYTES);
        for (const address of live) fill(context, address, SLOT_BYTES, address);
        const stack: { mark: ContextMark; live: number[]; stats: unknown }[] = [];
        for (let step = 0; step < 60; step++) {
          const choice = random();
          if (choice < 0.15) {
            const stats = context.stats();
            stack.push({ mark: context.checkpoint(), live: [...live], stats });
          } else if (choice < 0.5) {
            for (let count = 0; count < 10 && live.length > 0; count++) {
              const [freed = 0] = live.splice(Math.floor(random() * live.length), 1);
              context.free(freed);
            }
          } else if (choice < 0.8) {
            const added = allocMany(context, 30, SLOT_BYTES);
            for (const address of added) fill(context, address, SLOT_BYTES, address);
            live.push(...added);
          } else if (stack.length > 0) {
            const position = Math.floor(random() * stack.length);
            const [target] = stack.splice(position);
            if (target === undefined) continue;
            if (random() < 0.4) context.commit(target.mark);
            else {
              context.rollback(target.mark);
              live = target.live;
              expect(context.stats()).toEqual(target.stats);
            }
          }
          heap.verify();
          expect(live.every((address) => isFilled(context, address, SLOT_BYTES, address))).toBe(
            true,
          );
          expect(context.stats().liveObjects).toBe(live.length);
        }
        checkSound(heap);
      }
    });
  });

  describe("an allocset since a mark", () => {
    test.each([
      [40, 4000],
      [4000, 100_000],
      [100_000, 300_000],
      [100_000, 50_000],
      [100_000, 10],
      [1000, 8],
    ])("C38 an object of %i bytes reallocated to %i is as it was after a rollback", (from, to) => {
      using heap = new Heap({ check });
      const context = heap.open("marked");
      const address = context.alloc(from);
      const size = context.sizeOf(address);
      fill(context, address, from, 38);
      const figures = context.stats();
      const mark = context.checkpoint();
      const moved = context.realloc(address, to);
      expect(isFilled(context, moved, Math.min(from, to), 38)).toBe(true);
      context.free(moved);
      allocMany(context, 10, from);
      context.rollback(mark);
      expect(context.sizeOf(address)).toBe(size);
      expect(isFilled(context, address, from, 38)).toBe(true);
      expect(context.stats()).toEqual(figures);
      checkSound(heap);
    });

    test("C38 a freed big object keeps its process chunk until the commit", () => {
      using heap = new Heap({ check });
      const context = heap.open("marked");
      const big = context.alloc(100_000);
      fill(context, big, 100_000, 7);
      const mark = context.checkpoint();
      context.free(big);
      const inner = context.checkpoint();
      const second = context.alloc(100_000);
      expect(second).not.toBe(big);
      context.free(second);
      context.commit(inner);
      checkSound(heap);
      context.rollback(mark);
      expect(isFilled(context, big, 100_000, 7)).toBe(true);
      const again = context.checkpoint();
      context.free(big);
      context.commit(again);
      checkEmpty(heap);
    });

    test("C37 big objects since a mark go back", () => {
      using heap = new Heap({ check });
      const context = heap.open("marked");
      const mark = context.checkpoint();
      for (let count = 0; count < 10; count++) {
        context.alloc(100_000);
        context.alloc(10);
      }
      context.rollback(mark);
      checkEmpty(heap);
    });
  });
});
