/** What TypeScript knows about composed structs, and what that costs it. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  type Address,
  Heap,
  array,
  bits,
  date,
  enumOf,
  f32,
  f64,
  i64,
  nullable,
  ref,
  selfRef,
  struct,
  tagged,
  text,
  u16,
  u32,
  u8,
  union,
} from "@perfloc/typed";
import { expect, expectTypeOf, test } from "vitest";

/**
 * Instantiations of types that the compiler may make: in the sources, 27,614 when this was written, and with the tests, whose number grows
 * with them, 181,392.
 */
const budgets = [
  { config: "tsconfig.build.json", budget: 30_000 },
  { config: "tsconfig.json", budget: 200_000 },
];

const Vec3 = struct("Vec3", { x: f32, y: f32, z: f32 });
const Particle = struct("Particle", {
  pos: Vec3,
  mass: f64,
  id: i64,
  flags: bits(u8, { alive: 1, layer: 3 }),
  kind: enumOf(u8, { dust: 0, spark: 1 }),
  next: selfRef,
  other: nullable(ref(Vec3)),
  name: text(12),
  tags: array(u8, 4),
  path: array(Vec3, 2),
  matrix: array(f32, 2, 3),
  number: union({ float: f32, bits: u32 }),
  shape: tagged({ circle: struct("Circle", { radius: f64 }), side: u16 }),
  born: date,
});

const heap = new Heap();
const context = heap.open("types");
const address = Particle.alloc(context, {
  pos: { x: 1 },
  flags: { alive: true },
  shape: { kind: "side", value: 3 },
});

test("V7 the properties of cursors have the types of the fields", () => {
  const particle = Particle.cursor(heap, address);
  expectTypeOf(particle.pos.x).toEqualTypeOf<number>();
  expectTypeOf(particle.id).toEqualTypeOf<bigint>();
  expectTypeOf(particle.flags.alive).toEqualTypeOf<boolean>();
  expectTypeOf(particle.flags.layer).toEqualTypeOf<number>();
  expectTypeOf(particle.kind).toEqualTypeOf<"dust" | "spark">();
  expectTypeOf(particle.next).toEqualTypeOf<Address>();
  expectTypeOf(particle.name).toEqualTypeOf<string>();
  expectTypeOf(particle.tags.at(0)).toEqualTypeOf<number>();
  expectTypeOf(particle.path.at(0).y).toEqualTypeOf<number>();
  expectTypeOf(particle.matrix.at(0).at(1)).toEqualTypeOf<number>();
  expectTypeOf(particle.number.bits).toEqualTypeOf<number>();
  expectTypeOf(particle.born).toEqualTypeOf<Date>();
  const { shape } = particle;
  expectTypeOf(shape.kind).toEqualTypeOf<"circle" | "side">();
  if (shape.kind === "side") expectTypeOf(shape.value).toEqualTypeOf<number>();
  else expectTypeOf(shape.value.radius).toEqualTypeOf<number>();
  expect([shape.kind, particle.pos.x, particle.flags.alive]).toEqual(["side", 1, true]);
});

test("V7 objects, columns and statics have the types of the fields", () => {
  const plain = Particle.toObject(heap, address);
  expectTypeOf(plain.pos).toEqualTypeOf<{ x: number; y: number; z: number }>();
  expectTypeOf(plain.matrix).toEqualTypeOf<number[][]>();
  expectTypeOf(plain.flags).toEqualTypeOf<{ alive: boolean; layer: number }>();
  const columns = Particle.columns(context, 1);
  expectTypeOf(columns.mass).toEqualTypeOf<Float64Array>();
  expectTypeOf(columns.pos.x).toEqualTypeOf<Float32Array>();
  expectTypeOf(columns.id).toEqualTypeOf<BigInt64Array>();
  expectTypeOf(columns.flags.at(0).alive).toEqualTypeOf<boolean>();
  const at = Particle.at(heap);
  expectTypeOf(at.pos.of.x.get(address)).toEqualTypeOf<number>();
  expectTypeOf(at.tags.element(1).atomic.add(address, 1)).toEqualTypeOf<number>();
  expectTypeOf(Particle.array(context, 1).at(0).pos.x).toEqualTypeOf<number>();
  expect(plain.shape).toEqual({ kind: "side", value: 3 });
});

test("V7 mistakes with composed fields do not compile", () => {
  const particle = Particle.cursor(heap, address);
  const mistakes = [
    // @ts-expect-error a struct is not assigned, but set
    () => (particle.pos = { x: 1 }),
    // @ts-expect-error no such bit field
    () => particle.flags.dead,
    // @ts-expect-error a field of width 1 is a boolean
    () => (particle.flags.alive = 1),
    // @ts-expect-error no such name
    () => (particle.kind = "water"),
    // @ts-expect-error no such field within
    () => Particle.alloc(context, { pos: { w: 1 } }),
    // @ts-expect-error no such variant
    () => Particle.alloc(context, { shape: { kind: "cube", value: 1 } }),
    // @ts-expect-error the value of another variant
    () => Particle.alloc(context, { shape: { kind: "circle", value: 1 } }),
    // @ts-expect-error no such path
    () => Particle.offsetOf("path[1].w"),
    // @ts-expect-error elements, not fields
    () => Particle.offsetOf("path.x"),
    // @ts-expect-error a nested view is moved by its cursor
    () => particle.pos.$to(address),
    // @ts-expect-error an enum has a type of integers
    () => enumOf(f32, { a: 1 }),
    // @ts-expect-error atomic access is for integers
    () => Particle.at(heap).mass.atomic,
  ];
  expect(mistakes).toHaveLength(12);
  expect(Particle.offsetOf("path[1].y")).toBe(Particle.offsetOf("path") + 16);
});

test.each(budgets)(
  "V26 the types of $config cost the compiler no more than $budget",
  ({ config, budget }) => {
    const folder = join(import.meta.dirname, "..");
    const compiler = join(
      dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
      "bin/tsc",
    );
    const args = ["-p", config, "--noEmit", "--extendedDiagnostics"];
    const { stdout } = spawnSync(process.execPath, [compiler, ...args], {
      cwd: folder,
      encoding: "utf8",
    });
    const instantiations = Number(/^Instantiations: +(\d+)/m.exec(stdout)?.[1]);
    expect(instantiations).toBeGreaterThan(0);
    expect(instantiations).toBeLessThan(budget);
  },
);
