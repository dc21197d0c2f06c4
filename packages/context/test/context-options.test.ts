import { type ContextOptions, Heap, InvalidOptionError, InvalidSizeError } from "@perfloc/context";
import { badSizes } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import { checkRefused, checkThrows } from "./support/fixtures.js";

const CODE = "PERFLOC_CONTEXT_INVALID_OPTION";
/** `null` stands for left out, as `undefined` does. */
const refusedSizes = badSizes.filter((size: unknown) => size !== null);

describe.each(["heap", "context"] as const)("options of open on a %s", (where) => {
  test.each([...refusedSizes, 0, 2 ** 30 + 1])("C2 refuse initialBytes %s", (initialBytes) => {
    using heap = new Heap();
    const parent = heap.open("parent");
    const error = checkRefused(
      heap,
      () => (where === "heap" ? heap : parent).open("child", { initialBytes }),
      InvalidSizeError,
      CODE,
    );
    expect(error.requested).toBe(initialBytes);
    expect([error.min, error.max]).toEqual([1, 2 ** 30]);
  });

  test.each([...refusedSizes, 0, 8191])("C2 refuse maxChunkBytes %s", (maxChunkBytes) => {
    using heap = new Heap();
    const parent = heap.open("parent");
    const error = checkRefused(
      heap,
      () => (where === "heap" ? heap : parent).open("child", { initialBytes: 8192, maxChunkBytes }),
      InvalidSizeError,
      CODE,
    );
    expect(error.requested).toBe(maxChunkBytes);
    expect(error.min).toBe(8192);
  });

  test("C2 refuse a slab without slotBytes", () => {
    using heap = new Heap();
    const parent = heap.open("parent");
    const error = checkRefused(
      heap,
      () => (where === "heap" ? heap : parent).open("child", { kind: "slab" }),
      InvalidOptionError,
      CODE,
    );
    expect(error.hint).toContain("1 to 32768");
  });

  test.each([...badSizes, 0, 32_769].filter((slotBytes) => (slotBytes as unknown) !== null))(
    "C2 refuse a slab of slotBytes %s",
    (slotBytes) => {
      using heap = new Heap();
      const parent = heap.open("parent");
      const error = checkRefused(
        heap,
        () => (where === "heap" ? heap : parent).open("child", { kind: "slab", slotBytes }),
        InvalidSizeError,
        CODE,
      );
      expect(error.requested).toBe(slotBytes);
      expect([error.min, error.max]).toEqual([1, 32_768]);
    },
  );

  test.each(["allocset", "bump"] as const)("C2 refuse slotBytes for the kind %s", (kind) => {
    using heap = new Heap();
    const error = checkRefused(
      heap,
      () => heap.open("child", { kind, slotBytes: 64 }),
      InvalidOptionError,
      CODE,
    );
    expect(error.option).toBe("slotBytes");
  });

  test.each(["generation", "", "Bump", 1, {}])("C2 refuse the kind %j", (kind) => {
    using heap = new Heap();
    const error = checkRefused(
      heap,
      () => heap.open("child", { kind } as unknown as ContextOptions),
      InvalidOptionError,
      CODE,
    );
    expect(error.option).toBe("kind");
    expect(error.value).toBe(kind);
  });

  test.each([
    { initalBytes: 8192 },
    { kind: "slab", slotbytes: 64 },
    { maxChunkByte: 4096 },
    { expectFree: true },
    { check: "debug" },
    Object.create({ inherited: 1 }) as object,
  ])("C2 refuse what no context has: %o", (options) => {
    using heap = new Heap();
    const parent = heap.open("parent");
    const open = (): unknown => (where === "heap" ? heap : parent).open("child", options);
    const error = checkRefused(heap, open, InvalidOptionError, CODE);
    const names = Object.keys(options);
    expect(error.option).toBe(names.at(-1) ?? "inherited");
    expect(error.hint).toContain("spelled");
  });

  test("C2 accept the bounds, and undefined for left out", () => {
    using heap = new Heap();
    for (const options of [
      { initialBytes: 1, maxChunkBytes: 1 },
      { initialBytes: 2 ** 30, maxChunkBytes: 2 ** 30 },
      { initialBytes: undefined, maxChunkBytes: undefined, kind: undefined, slotBytes: undefined },
      { kind: "slab", slotBytes: 1 },
      { kind: "slab", slotBytes: 32_768 },
      {},
    ] as const) {
      const parent = heap.open("parent");
      const child = (where === "heap" ? heap : parent).open("child", options);
      expect(child.kind).toBe("kind" in options ? (options.kind ?? "allocset") : "allocset");
    }
    heap.verify();
  });

  test("C56 null for the options is refused with an error of Perfloc", () => {
    using heap = new Heap();
    checkRefused(
      heap,
      () => heap.open("child", null as unknown as ContextOptions),
      InvalidOptionError,
      CODE,
    );
  });
});

test("C2 an options object that was changed since the last open counts as it is now", () => {
  using heap = new Heap();
  const options: { kind: "allocset" | "bump"; initialBytes?: number } = { kind: "allocset" };
  expect(heap.open("first", options).kind).toBe("allocset");
  options.kind = "bump";
  expect(heap.open("second", options).kind).toBe("bump");
  options.initialBytes = 8192;
  const third = heap.open("third", options);
  third.alloc(1);
  expect(third.stats().usedBytes).toBe(8192);
  options.initialBytes = -1;
  checkThrows(() => heap.open("fourth", options), InvalidSizeError, CODE);
});
