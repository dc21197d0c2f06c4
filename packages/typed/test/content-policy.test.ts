/** Hosts that make no functions of text. What a page does under such a policy, `pnpm test:browser` tries with the same program. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Heap, InvalidValueError, f64, struct } from "@perfloc/typed";
import { expect, test } from "vitest";

interface Run {
  readonly lines: readonly string[];
  /** How often it was tried to make a function of text. */
  readonly tries: number;
}

/** Runs the program in a process of its own. */
function runRecords(...flags: string[]): Run {
  const program = JSON.stringify(new URL("support/record-program.mjs", import.meta.url).href);
  const code = `
    import { runRecords } from ${program};
    let tries = 0;
    globalThis.Function = new Proxy(Function, {
      construct(target, args) {
        tries++;
        return Reflect.construct(target, args);
      },
    });
    console.log(JSON.stringify({ lines: runRecords(), tries }));`;
  const args = [...flags, "--input-type=module", "--eval", code];
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the program prints that
  return JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: "utf8" })) as Run;
}

test("V94, V39 a host that forbids evaluation is asked once, and everything else is the same", () => {
  const free = runRecords();
  const forbidden = runRecords("--disallow-code-generation-from-strings");
  expect(forbidden.lines).toEqual(free.lines);
  expect(free.tries).toBeGreaterThan(1);
  expect(forbidden.tries).toBe(1);
});

test("V39 undefined is no record", () => {
  using heap = new Heap();
  const context = heap.open("points");
  const Point = struct("Point", { x: f64, y: f64 });
  const points = Point.vector(context);
  const values: any = undefined;
  expect(() => points.push(values)).toThrow(InvalidValueError);
  const point = Point.cursor(heap, Point.alloc(context, { x: 1 }));
  expect(() => point.$set(values)).toThrow(InvalidValueError);
  expect([points.length, point.x]).toEqual([0, 1]);
});
