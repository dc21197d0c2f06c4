import { execFileSync } from "node:child_process";
import * as context from "@perfloc/context";
import { expect, test } from "vitest";

test("C60 node imports the package as an ES module, by name, and requires it where node can", () => {
  const program = `
    import { Heap } from "@perfloc/context";
    using: { const heap = new Heap(); const address = heap.open("x").alloc(8); heap.dispose(); console.log(address); }
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: new URL(".", import.meta.url),
    encoding: "utf8",
  });
  expect(Number(output)).toBeGreaterThan(0);
});

test("C60 everything that its signatures mention is exported", () => {
  expect(Object.keys(context).toSorted()).toEqual(
    expect.arrayContaining([
      "Arena",
      "ContextMark",
      "CorruptionError",
      "DoubleFreeError",
      "Heap",
      "InvalidAddressError",
      "InvalidAlignmentError",
      "InvalidOptionError",
      "InvalidParentError",
      "InvalidSizeError",
      "LimitExceededError",
      "MAX_ALLOC_BYTES",
      "MemoryContext",
      "OutOfMemoryError",
      "PerflocError",
      "ReentrancyError",
      "ResetCallbackError",
      "StaleMarkError",
      "UseAfterDropError",
      "WrongKindError",
    ]),
  );
});

test("C54 all error classes are PerflocErrors", () => {
  const classes = Object.entries(context).filter(([name]) => name.endsWith("Error"));
  expect(classes.length).toBeGreaterThan(12);
  for (const [name, value] of classes) {
    const prototype: unknown = (value as { prototype: unknown }).prototype;
    expect([
      name,
      prototype === context.PerflocError.prototype || prototype instanceof context.PerflocError,
    ]).toEqual([name, true]);
  }
});
