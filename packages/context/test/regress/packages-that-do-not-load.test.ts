/*
 * shared-memory-objects 0.0.4: `import` fails in Node 20 (its main is a .ts file). buffer-backed-object 1.0.1: named exports are
 * missing in ES modules. webgpu-utils 2.1.1: `import` throws where Float16Array does not exist.
 */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

test("C60 named imports work in plain Node, on a platform without Float16Array and ArrayBuffer.prototype.transfer", () => {
  const program = `
    delete globalThis.Float16Array;
    delete ArrayBuffer.prototype.transfer;
    delete ArrayBuffer.prototype.transferToFixedLength;
    const names = await import("@perfloc/context");
    const { Heap, MemoryContext } = names;
    const heap = new Heap();
    const context = heap.open("x");
    context.alloc(100_000);
    heap.dispose();
    console.log(context instanceof MemoryContext, Object.keys(names).length > 20);
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: new URL(".", import.meta.url),
    encoding: "utf8",
  });
  expect(output.trim()).toBe("true true");
});
