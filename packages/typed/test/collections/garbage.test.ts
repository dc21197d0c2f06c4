/** Counts the bytes that loops over collections leave to the garbage collector. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Prints bytes per element of each loop, as JSON. The first passes compile it. */
const script = `
  import { HashMap, Heap, Vec, f64, struct, u32 } from "@perfloc/typed";
  const context = new Heap().open("garbage");
  const Point = struct("Point", { x: f64, y: f64 });
  const COUNT = 100_000;
  const numbers = new Vec(context, f64);
  const points = new Vec(context, Point);
  const map = new HashMap(context, u32, u32);
  const accounts = new HashMap(context, u32, Point);
  for (let n = 0; n < COUNT; n++) {
    numbers.push(n + 0.5);
    points.push({ x: n });
    map.set(n, n);
    accounts.set(n, { x: n });
  }
  const loops = {
    vecOf: () => { let sum = 0; for (const x of numbers) sum += x; return sum; },
    vecAt: () => { let sum = 0; for (let i = 0; i < COUNT; i++) sum += numbers.at(i); return sum; },
    pointsOf: () => { let sum = 0; for (const { x } of points) sum += x; return sum; },
    pushAndClear: () => { numbers.clear(); for (let i = 0; i < COUNT; i++) numbers.push(i + 0.5); return 0; },
    mapGet: () => { let sum = 0; for (let i = 0; i < COUNT; i++) sum += map.get(i); return sum; },
    mapSet: () => { for (let i = 0; i < COUNT; i++) map.set(i, i + 1); return 0; },
    entries: () => { let sum = 0; for (const { key, value } of map) sum += key + value; return sum; },
    accounts: () => { let sum = 0; for (const { value } of accounts) sum += value.x; return sum; },
    deletes: () => { for (let i = 0; i < COUNT; i++) { map.delete(i); map.set(i, 1); } return 0; },
  };
  const bytes = {};
  for (const [name, loop] of Object.entries(loops)) {
    for (let pass = 0; pass < 30; pass++) loop();
    gc();
    // A collection also takes code whose objects it found dead: once more.
    for (let pass = 0; pass < 30; pass++) loop();
    bytes[name] = Infinity;
    // The least of a few, for V8 allocates now and then for itself; the absolute, for a collection in between makes it less.
    for (let pass = 0; pass < 5; pass++) {
      const before = process.memoryUsage().heapUsed;
      loop();
      const delta = Math.abs(process.memoryUsage().heapUsed - before);
      bytes[name] = Math.min(bytes[name], delta / COUNT);
    }
  }
  console.log(JSON.stringify(bytes));
`;

/**
 * An object for each element would be 32 bytes and more. Below that lies what V8 boxes of its own accord: a double of 16 bytes
 * that an accessor answers where it was not compiled into the loop, which differs from release to release.
 */
const LESS_THAN_AN_OBJECT = 20;

test("Y67 Y77 loops over collections make no object for an element", () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--expose-gc", "--input-type=module", "-e", script],
    { cwd: import.meta.dirname, encoding: "utf8" },
  );
  expect(stderr).toBe("");
  const bytes: Record<string, number> = JSON.parse(stdout);
  expect(Object.keys(bytes)).toHaveLength(9);
  const loopsWithGarbage = Object.entries(bytes).filter(
    ([, perElement]) => perElement >= LESS_THAN_AN_OBJECT,
  );
  expect(loopsWithGarbage).toEqual([]);
});
