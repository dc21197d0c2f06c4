import { Heap, type Lifetime, type MemoryContext, UseAfterDropError } from "@perfloc/context";
import * as fc from "fast-check";
import { expect, test } from "vitest";

test("C62 it is over with the reset, the drop, or the drop of a parent", () => {
  using heap = new Heap();
  const parent = heap.open("parent");
  const context = parent.open("child");
  const first = context.lifetime;
  expect(context.lifetime).toBe(first);
  context.alloc(8);
  expect(first.isOver).toBe(false);
  context.reset();
  expect(first.isOver).toBe(true);
  const second = context.lifetime;
  expect([second === first, second.isOver]).toEqual([false, false]);
  parent.reset({ children: "keep" });
  expect(second.isOver).toBe(false);
  parent.drop();
  expect(second.isOver).toBe(true);
  expect(() => context.lifetime).toThrow(UseAfterDropError);
});

test("C62 a rollback ends what is younger than its mark, a commit lets it live", () => {
  using heap = new Heap();
  const context = heap.open("marked");
  const before = context.lifetime;
  const outer = context.checkpoint();
  const within = context.lifetime;
  const inner = context.checkpoint();
  const deep = context.lifetime;
  context.commit(inner);
  expect([before, within, deep].map(({ isOver }) => isOver)).toEqual([false, false, false]);
  expect(context.lifetime).toBe(within);
  context.rollback(outer);
  expect([before, within, deep].map(({ isOver }) => isOver)).toEqual([false, true, true]);
  context.reset();
  expect(before.isOver).toBe(true);
});

test("C62 what a commit lets live does not end with a later mark of the same depth", () => {
  using heap = new Heap();
  const context = heap.open("marked");
  const outer = context.checkpoint();
  const inner = context.checkpoint();
  const committed = context.lifetime;
  context.commit(inner);
  const next = context.checkpoint();
  const undone = context.lifetime;
  expect(undone).not.toBe(committed);
  context.rollback(next);
  expect([committed.isOver, undone.isOver]).toEqual([false, true]);
  context.commit(outer);
  expect(committed.isOver).toBe(false);
  context.reset();
  expect(committed.isOver).toBe(true);
});

/** What a program can do to a context's objects. */
const step = fc.constantFrom("alloc", "reset", "checkpoint", "rollback", "commit", "look");

test("C62 it agrees with a list of what lives", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("allocset" as const, "bump" as const),
      fc.array(fc.tuple(step, fc.nat(3)), { maxLength: 60 }),
      (kind, program) => {
        using heap = new Heap();
        const context: MemoryContext = heap.open("c", { kind });
        let live: { lifetime: Lifetime; depth: number }[] = [];
        const dead: Lifetime[] = [];
        const marks: ReturnType<MemoryContext["checkpoint"]>[] = [];
        const end = (isDead: (depth: number) => boolean): void => {
          dead.push(...live.filter(({ depth }) => isDead(depth)).map(({ lifetime }) => lifetime));
          live = live.filter(({ depth }) => !isDead(depth));
        };
        for (const [what, pick] of program) {
          const at = marks.length === 0 ? 0 : pick % marks.length;
          if (what === "alloc") {
            context.alloc(8);
            live.push({ lifetime: context.lifetime, depth: marks.length });
          } else if (what === "reset") {
            context.reset();
            marks.length = 0;
            end(() => true);
          } else if (what === "checkpoint") marks.push(context.checkpoint());
          else if (what === "rollback" && marks.length > 0) {
            context.rollback(marks[at]!);
            marks.length = at;
            end((depth) => depth > at);
          } else if (what === "commit" && marks.length > 0) {
            context.commit(marks[at]!);
            marks.length = at;
            live = live.map((entry) => ({ ...entry, depth: Math.min(entry.depth, at) }));
          }
          expect(live.some(({ lifetime }) => lifetime.isOver)).toBe(false);
          expect(dead.every(({ isOver }) => isOver)).toBe(true);
        }
      },
    ),
  );
});
