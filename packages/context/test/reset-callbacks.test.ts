import { Heap, type MemoryContext, ReentrancyError, ResetCallbackError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  checkEmpty,
  checkLevels,
  checkSound,
  checkThrows,
  fill,
  isFilled,
  kinds,
  optionsOf,
  thrownBy,
} from "./support/fixtures.js";

const REENTRANCY = "PERFLOC_CONTEXT_REENTRANCY";

/** The ways in which a context's objects end. */
const endings = {
  reset: (context: MemoryContext): void => {
    context.reset();
  },
  drop: (context: MemoryContext): void => {
    context.drop();
  },
  dispose: (context: MemoryContext): void => {
    context[Symbol.dispose]();
  },
};
const namesOfEndings = Object.keys(endings) as (keyof typeof endings)[];

/** No functions; typed as functions, because that is how mistakes arrive. */
const notCallbacks = [undefined, null, 1, "callback", {}] as unknown as readonly (() => void)[];

describe.each(checkLevels)("check level %s", (check) => {
  describe.each(namesOfEndings)("reset callbacks at %s", (ending) => {
    const end = endings[ending];

    test("C42 run last registered first, children before parents", () => {
      using heap = new Heap({ check });
      const order: string[] = [];
      const top = heap.open("top");
      const left = top.open("left");
      const right = top.open("right");
      const leaf = left.open("leaf");
      for (const context of [top, left, right, leaf]) {
        for (const time of ["first", "second"]) {
          context.onReset(() => {
            order.push(`${context.name} ${time}`);
          });
        }
      }
      end(top);
      expect(order.filter((_, position) => position % 2 === 0)).toEqual(
        order
          .filter((_, position) => position % 2 === 1)
          .map((line) => line.replace("first", "second")),
      );
      const contexts = order
        .filter((line) => line.endsWith("first"))
        .map((line) => line.split(" ")[0]);
      expect(contexts).toEqual(["right", "leaf", "left", "top"]);
    });

    test("C42 run once", () => {
      using heap = new Heap({ check });
      const context = heap.open("once");
      let runs = 0;
      context.onReset(() => {
        runs++;
      });
      end(context);
      if (ending === "reset") context.reset();
      expect(runs).toBe(1);
      checkSound(heap);
    });

    test("C42 run before any memory goes: objects of the context and of its children are readable", () => {
      using heap = new Heap({ check });
      const top = heap.open("top");
      const child = top.open("child");
      const outer = top.alloc(100);
      const inner = child.alloc(100_000);
      fill(top, outer, 100, 1);
      fill(child, inner, 100_000, 2);
      const seen: boolean[] = [];
      for (const context of [top, child]) {
        context.onReset(() => {
          seen.push(isFilled(top, outer, 100, 1), isFilled(child, inner, 100_000, 2));
          seen.push(!context.isDropped, !child.isDropped);
        });
      }
      end(top);
      expect(seen).toEqual(Array.from({ length: 8 }, () => true));
    });

    test("C45 may allocate and free in the context that ends, and in others", () => {
      using heap = new Heap({ check });
      const other = heap.open("other");
      const context = heap.open("ending");
      const child = context.open("child", { kind: "bump" });
      const object = context.alloc(50);
      let kept = 0;
      context.onReset(() => {
        context.free(object);
        context.alloc(100_000);
        child.alloc(5000);
        kept = other.alloc(20);
      });
      end(context);
      expect(other.sizeOf(kept)).toBe(32);
      expect(heap.stats().liveBytes).toBe(32);
      checkSound(heap);
    });

    test("C45 may change what does not go away", () => {
      using heap = new Heap({ check });
      const parent = heap.open("parent");
      const context = parent.open("ending");
      const other = heap.open("other");
      const doomed = heap.open("doomed");
      const order: string[] = [];
      doomed.onReset(() => {
        order.push("doomed");
      });
      context.onReset(() => {
        parent.open("sibling").alloc(8);
        heap.open("top").alloc(8);
        other.reset();
        doomed.drop();
        other.setLimit(4096);
        other.onReset(() => {
          order.push("late");
        });
      });
      end(context);
      expect(order).toEqual(["doomed"]);
      expect(doomed.isDropped).toBe(true);
      other.drop();
      expect(order).toEqual(["doomed", "late"]);
      checkSound(heap);
    });

    test("C45 refuse changes to the tree that goes away", () => {
      using heap = new Heap({ check });
      const parent = heap.open("parent");
      const context = parent.open("ending");
      const child = context.open("child");
      const other = heap.open("other");
      const refused: Record<string, () => void> = {
        "open in it": () => {
          context.open("late");
        },
        "open in a child": () => {
          child.open("late");
        },
        "reset it": () => {
          context.reset();
        },
        "reset a child": () => {
          child.reset();
        },
        "reset it, keeping children": () => {
          context.reset({ children: "keep" });
        },
        "drop it": () => {
          context.drop();
        },
        "dispose it": () => {
          context[Symbol.dispose]();
        },
        "drop a child": () => {
          child.drop();
        },
        "drop its children": () => {
          context.dropChildren();
        },
        "drop a child's children": () => {
          child.dropChildren();
        },
        "drop its parent": () => {
          parent.drop();
        },
        "reset its parent": () => {
          parent.reset();
        },
        "drop its parent's children": () => {
          parent.dropChildren();
        },
        "move it": () => {
          context.setParent(heap);
        },
        "move a child out": () => {
          child.setParent(heap);
        },
        "move its parent": () => {
          parent.setParent(other);
        },
        "move another in": () => {
          other.setParent(child);
        },
        "register on it": () => {
          context.onReset(() => undefined);
        },
        "register on a child": () => {
          child.onReset(() => undefined);
        },
        "dispose the heap": () => {
          heap.dispose();
        },
      };
      const outcomes: Record<string, unknown> = {};
      context.onReset(() => {
        for (const [name, call] of Object.entries(refused)) outcomes[name] = thrownBy(call);
      });
      end(context);
      for (const [name, error] of Object.entries(outcomes)) {
        expect([name, (error as ReentrancyError).name, (error as ReentrancyError).code]).toEqual([
          name,
          "ReentrancyError",
          REENTRANCY,
        ]);
      }
      expect(Object.keys(outcomes)).toEqual(Object.keys(refused));
      expect(child.isDropped).toBe(true);
      expect(parent.isDropped).toBe(false);
      checkSound(heap);
    });

    test("C43 all run though some throw, and the end is complete", () => {
      using heap = new Heap({ check });
      const context = heap.open("ending");
      const child = context.open("child");
      child.alloc(100_000);
      const failures = [new Error("outer"), "a string", undefined, new Error("inner")];
      let ran = 0;
      for (const [position, failure] of failures.entries()) {
        const owner = position < 2 ? context : child;
        owner.onReset(() => {
          ran++;
        });
        owner.onReset(() => {
          throw failure;
        });
      }
      const error = checkThrows(
        () => {
          end(context);
        },
        ResetCallbackError,
        "PERFLOC_CONTEXT_RESET_CALLBACK",
      );
      expect(error.errors).toEqual([failures[3], failures[2], failures[1], failures[0]]);
      expect(error.context).toBe("ending");
      expect(error.cause).toBe(failures[3]);
      expect(ran).toBe(4);
      expect(child.isDropped).toBe(true);
      expect(context.isDropped).toBe(ending !== "reset");
      expect(heap.stats().liveBytes).toBe(0);
      checkSound(heap);
    });

    test("C44 unregister takes one registration back, and twice does nothing", () => {
      using heap = new Heap({ check });
      const context = heap.open("ending");
      const order: number[] = [];
      const unregister = [1, 2, 3].map((number) =>
        context.onReset(() => {
          order.push(number);
        }),
      );
      unregister[1]?.();
      unregister[1]?.();
      end(context);
      for (const take of unregister) take();
      expect(order).toEqual([3, 1]);
      checkSound(heap);
    });

    test("C44 the same function registered twice runs twice, and can be taken back singly", () => {
      using heap = new Heap({ check });
      const context = heap.open("ending");
      let runs = 0;
      const callback = (): void => {
        runs++;
      };
      context.onReset(callback);
      const unregister = context.onReset(callback);
      context.onReset(callback);
      unregister();
      end(context);
      expect(runs).toBe(2);
    });

    test("C44 a callback can take back one that has not run yet", () => {
      using heap = new Heap({ check });
      const context = heap.open("ending");
      let runs = 0;
      const unregister = context.onReset(() => {
        runs++;
      });
      context.onReset(() => {
        unregister();
      });
      end(context);
      expect(runs).toBe(0);
      checkSound(heap);
    });
  });

  test("C42 reset that keeps children does not run theirs", () => {
    using heap = new Heap({ check });
    const context = heap.open("parent");
    const child = context.open("child");
    const order: string[] = [];
    for (const { name, onReset } of [
      { name: "parent", onReset: context.onReset.bind(context) },
      { name: "child", onReset: child.onReset.bind(child) },
    ]) {
      onReset(() => {
        order.push(name);
      });
    }
    context.reset({ children: "keep" });
    expect(order).toEqual(["parent"]);
    context.dropChildren();
    expect(order).toEqual(["parent", "child"]);
  });

  test("C42 dropChildren runs those of the children only", () => {
    using heap = new Heap({ check });
    const context = heap.open("parent");
    let own = 0;
    let below = 0;
    context.onReset(() => {
      own++;
    });
    context.open("child").onReset(() => {
      below++;
    });
    context.dropChildren();
    expect([own, below]).toEqual([0, 1]);
    context.reset();
    expect([own, below]).toEqual([1, 1]);
  });

  test("C42 a registration after a reset is for the next one", () => {
    using heap = new Heap({ check });
    const context = heap.open("again");
    let runs = 0;
    for (let round = 1; round <= 5; round++) {
      context.onReset(() => {
        runs++;
      });
      context.reset();
      expect(runs).toBe(round);
    }
  });

  test.each(kinds)("C45 a callback may go back to a mark of a %s", (kind) => {
    using heap = new Heap({ check });
    const context = heap.open("marked", optionsOf[kind]);
    context.alloc(8);
    const mark = context.checkpoint();
    context.alloc(8);
    context.onReset(() => {
      context.rollback(mark);
    });
    context.reset();
    expect(context.stats().liveBytes).toBe(0);
    checkSound(heap);
    context.drop();
    checkEmpty(heap);
  });

  test.each(notCallbacks)("C46 %j is refused as a callback", (callback) => {
    using heap = new Heap({ check });
    const context = heap.open("strict");
    const error = thrownBy(() => context.onReset(callback));
    expect((error as { code?: unknown }).code).toMatch(/^PERFLOC_CONTEXT_/);
    context.reset();
    checkSound(heap);
  });
});
