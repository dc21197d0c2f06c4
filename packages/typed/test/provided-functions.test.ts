/** The command that writes the functions of structs to a module, for hosts that make none of text. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const packageFolder = join(import.meta.dirname, "..");
mkdirSync(join(packageFolder, "temp"), { recursive: true });
// Within the package, where its name is known.
const folder = mkdtempSync(join(packageFolder, "temp/made-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const command = join(packageFolder, "bin/perfloc-typed.mjs");
const structs = `
  import { array, be, bits, f64, struct, text, u16, u32, u8 } from "@perfloc/typed";
  export const Point = struct("Point", { x: f64, id: u32 });
  export const Path = struct("Path", { points: array(Point, 2), flags: bits(u8, { a: 1, b: 3 }), n: be(u16), name: text(8) }, { packed: true });
`;

/** Writes what is of the made functions, and what a few calls return. */
const use = `
  import { Heap, Vec, f64, struct, u32 } from "@perfloc/typed";
  import { Path, Point } from "./structs.mjs";
  const Other = struct("Other", { x: f64, other: u32 });
  const heap = new Heap();
  const context = heap.open("a");
  const isMade = (cursor, field) =>
    String(Object.getOwnPropertyDescriptor(Object.getPrototypeOf(cursor), field).get).includes("this.$f64[(this.$offset >>> 3)]");
  const point = Point.cursor(heap);
  point.$to(Point.alloc(context, { x: 1.5, id: 7 }));
  const points = new Vec(context, Point);
  points.push({ x: 2.5, id: 8 });
  const path = Path.toObject(heap, Path.alloc(context, { points: [{ x: 1, id: 2 }, { x: 3, id: 4 }], flags: { a: true, b: 5 }, n: 513, name: "ab" }));
  let refused = "";
  try { point.id = -1; } catch (error) { refused = error.code; }
  console.log(JSON.stringify({ isMade: isMade(point, "x"), otherIsMade: isMade(Other.cursor(heap), "x"), point, points, path, refused }));
`;

function run(args: readonly string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, text: stdout + stderr };
}

test("V52 a written module brings the functions of its structs to a host that makes none of text", () => {
  writeFileSync(join(folder, "structs.mjs"), structs);
  writeFileSync(join(folder, "use.mjs"), use);
  writeFileSync(join(folder, "use-made.mjs"), 'import "./structs.made.mjs"; import "./use.mjs";');
  const made = run([command, "made", "structs.mjs", "--out", "structs.made.mjs"]);
  expect(made.text).toMatch(/^structs\.made\.mjs: \d+ sets of functions for 2 structs\n$/);
  const forbid = "--disallow-code-generation-from-strings";
  const [closures, provided, allowed] = [
    run([forbid, "use.mjs"]),
    run([forbid, "use-made.mjs"]),
    run(["use.mjs"]),
  ].map(({ text }) => JSON.parse(text) as Record<string, unknown>);
  expect(closures).toMatchObject({
    isMade: false,
    otherIsMade: false,
    point: { x: 1.5, id: 7 },
    points: [{ x: 2.5, id: 8 }],
    path: { flags: { a: true, b: 5 }, n: 513, name: "ab" },
    refused: "PERFLOC_TYPED_INVALID_VALUE",
  });
  expect(provided).toEqual({ ...closures, isMade: true });
  expect(allowed).toEqual({ ...closures, isMade: true, otherIsMade: true });
});

test("V52 what is written is text that needs no evaluation, and names fields as strings alone", () => {
  writeFileSync(
    join(folder, "odd.mjs"),
    'import { f64, struct } from "@perfloc/typed"; export const Odd = struct("Odd", { class: f64, ünï: f64 });',
  );
  run([command, "made", "odd.mjs", "--out", "odd.made.mjs"]);
  const text = readFileSync(join(folder, "odd.made.mjs"), "utf8");
  expect(text).toContain('value["class"]');
  expect(text).not.toMatch(/new Function|eval\(/);
  expect(run(["--check", "odd.made.mjs"]).status).toBe(0);
});

test.each([
  [[], /^usage: /, 2],
  [["made"], /^usage: /, 2],
  [["made", "structs.mjs"], /^usage: /, 2],
  [["made", "--into", "x"], /Unknown option '--into'[^]*usage: /, 2],
  [["made", "none.mjs", "--out", "none.made.mjs"], /no struct is exported/, 1],
] as const)("V52 the command says what is wrong with %j", (args, message, status) => {
  writeFileSync(join(folder, "none.mjs"), "export const nothing = 1;");
  const result = run([command, ...args]);
  expect(result.text).toMatch(message);
  expect(result.status).toBe(status);
});
