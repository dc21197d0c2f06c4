/** What messages, hints and the report say, word for word where it depends on what is known. */
import {
  BufferOverrunError,
  CorruptionError,
  DoubleFreeError,
  Heap,
  LeakError,
  ResetCallbackError,
  UseAfterFreeError,
} from "@perfloc/context";
import { describe, expect, it } from "vitest";
import {
  cellAt,
  checkThrows,
  damageCell,
  guardedLevels,
  optionsOf,
  poke,
} from "../support/fixtures.js";

const OVERRUN = "PERFLOC_CONTEXT_OVERRUN";
const WRITE_AFTER_FREE = "PERFLOC_CONTEXT_WRITE_AFTER_FREE";

describe.each(guardedLevels)("messages, check level %s", (check) => {
  const hasPlaces = check === "debug";

  /** A heap whose next objects have places on `debug` only: on `sample` the first one has. */
  function openHeap(): Heap {
    const heap = new Heap({ check, sampleEvery: 1 });
    heap.open("first").alloc(8);
    return heap;
  }

  it("C69 of an overrun", () => {
    using heap = openHeap();
    const context = heap.open("a");
    const address = context.alloc(13);
    poke(heap, address + 13, 0);
    const { message, hint } = checkThrows(() => context.free(address), BufferOverrunError, OVERRUN);
    const name = `the object of 13 bytes at ${address} (0x${address.toString(16)}) in context "a"`;
    const facts = " was overrun: byte 13 was overwritten with 0x0";
    if (hasPlaces) {
      expect(message.startsWith(`${name}, allocated at `)).toBe(true);
      expect(message.endsWith(`,${facts}`)).toBe(true);
      expect(message).not.toContain("freed at");
      expect(hint).toContain("allocatedAt has the stack");
    } else {
      expect(message).toBe(`${name}${facts}`);
      expect(hint).toContain("No place was kept");
    }
  });

  it("C69 of a use after free", () => {
    using heap = openHeap();
    const context = heap.open("a");
    const address = context.alloc(13);
    context.free(address);
    poke(heap, address + 4, 7);
    const error = checkThrows(() => heap.verify(), UseAfterFreeError, WRITE_AFTER_FREE);
    const fact = " was written to after it was freed: byte 4 is 0x7";
    if (hasPlaces) {
      expect(error.message).toMatch(
        /^the object of 13 bytes .*, allocated at .*, freed at .*, was written to/,
      );
      expect(error.hint).toContain("freedAt has the stack");
    } else {
      expect(error.message.endsWith(`in context "a"${fact}`)).toBe(true);
      expect(error.hint).toContain("No place was kept");
    }
    poke(heap, address + 4, 0xdf);
    const again = checkThrows(
      () => context.free(address),
      DoubleFreeError,
      "PERFLOC_CONTEXT_DOUBLE_FREE",
    );
    expect(/was already freed in context "a", at ./.test(again.message)).toBe(hasPlaces);
    expect(again.message.endsWith('in context "a"')).toBe(!hasPlaces);
  });

  it.each([1, 2, 25])("C72 of %i leaks", (count) => {
    using heap = openHeap();
    const context = heap.open("a", { expectFreed: true });
    for (let at = 0; at < count; at++) context.alloc(10);
    const error = checkThrows(() => context.drop(), LeakError, "PERFLOC_CONTEXT_LEAK");
    expect(error.message).toContain(
      `ended with ${count} object${count === 1 ? "" : "s"} of ${10 * count} bytes that nobody freed`,
    );
    expect(error.message.includes(", opened at ")).toBe(hasPlaces);
    expect(error.count).toBe(count);
    expect(error.objects).toHaveLength(Math.min(count, 20));
  });

  it("C74 the report lists contexts, objects by place, the quarantine and the findings", () => {
    using heap = openHeap();
    const context = heap.open("a");
    context.alloc(30);
    const freed = context.alloc(10);
    context.free(freed);
    poke(heap, freed, 1);
    checkThrows(() => heap.verify(), UseAfterFreeError, WRITE_AFTER_FREE);
    const lines = heap.report().toString().split("\n");
    expect(lines[0]).toBe(`check level ${check}, 2 contexts open`);
    const opened = lines.filter((line) => line.includes("was opened at"));
    expect(opened).toHaveLength(hasPlaces ? 2 : 0);
    for (const line of opened) expect(line).toMatch(/^context "(?:a|first)" was opened at \S/);
    const places = lines.filter((line) => line.includes('of context "a", allocated at'));
    expect(places).toHaveLength(1);
    expect(places[0]!.endsWith("a place that was not kept")).toBe(!hasPlaces);
    expect(
      lines.some((line) => line.startsWith(`${WRITE_AFTER_FREE}: the object of 10 bytes`)),
    ).toBe(true);
    expect(lines).toContain("1 finding");
    poke(heap, freed, 0xdf);
  });

  it("C57 C74 a report of a damaged heap says so, and has the damage among the findings once", () => {
    using heap = openHeap();
    const context = heap.open("a", optionsOf.slab);
    const address = context.alloc(10);
    const cell = cellAt(heap, address);
    damageCell(heap, address, 0);
    const report = heap.report();
    expect(report.toString()).toContain("the tree of contexts cannot be printed");
    expect(report.findings).toHaveLength(1);
    checkThrows(() => heap.verify(), CorruptionError, "PERFLOC_CONTEXT_CORRUPT");
    expect(heap.report().findings).toHaveLength(1);
    damageCell(heap, address, cell);
  });
});

it.each([1, 2])("C43 of %i callbacks that threw", (count) => {
  using heap = new Heap();
  const context = heap.open("a");
  for (let at = 0; at < count; at++) {
    context.onReset(() => {
      throw new Error("no");
    });
  }
  const error = checkThrows(
    () => context.reset(),
    ResetCallbackError,
    "PERFLOC_CONTEXT_RESET_CALLBACK",
  );
  expect(error.message.startsWith(`${count} reset callback${count === 1 ? "" : "s"} of`)).toBe(
    true,
  );
});

it("C76 a listener that is taken away hears nothing more, others do, and with the last one it costs nothing again", () => {
  using heap = new Heap();
  const heard: string[] = [];
  const before = heap.state.callbackCount;
  const first = heap.on("context-opened", () => heard.push("first"));
  const second = heap.on("context-opened", () => heard.push("second"));
  const third = heap.on("chunk-reserved", ({ byteLength }) =>
    heard.push(`chunk ${byteLength > 0}`),
  );
  expect(heap.state.callbackCount).toBe(before + 1);
  heap.open("a");
  first();
  first();
  heap.open("b");
  expect(heard).toEqual(["first", "second", "second"]);
  heap.open("c").alloc(8);
  expect(heard.slice(3)).toEqual(["second", "chunk true"]);
  second();
  expect(heap.state.events).toBeDefined();
  third();
  expect(heap.state.events).toBeUndefined();
  expect(heap.state.callbackCount).toBe(before);
  heap.open("d").alloc(10_000_000);
  expect(heard).toHaveLength(5);
  third();
  expect(heap.state.callbackCount).toBe(before);
  const unregister = heap.open("e").onReset(() => heard.push("reset"));
  expect(heap.state.callbackCount).toBe(before + 1);
  unregister();
  expect(heap.state.callbackCount).toBe(before);
});

it("C77 who listens to misuse and makes one is not told of it", () => {
  using heap = new Heap();
  const context = heap.open("a");
  let told = 0;
  heap.on("misuse", () => {
    told++;
    expect(() => context.free(4)).toThrow("address 4");
  });
  expect(() => context.free(12)).toThrow("address 12");
  expect(told).toBe(1);
  expect(() => context.free(12)).toThrow("address 12");
  expect(told).toBe(2);
});

it("C74 what is no error of Perfloc passes through verify and report, and is no finding", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  context.alloc(8);
  Reflect.set(context, "figures", () => {
    throw new RangeError("not ours");
  });
  expect(() => heap.report()).toThrow("not ours");
  Reflect.deleteProperty(context, "figures");
  Reflect.set(context, "verifyObjects", () => {
    throw new RangeError("not ours");
  });
  expect(() => heap.verify()).toThrow("not ours");
  Reflect.deleteProperty(context, "verifyObjects");
  expect(heap.report().findings).toEqual([]);
});
