import { readFileSync } from "node:fs";
import {
  type CursorOf,
  HashMap,
  Heap,
  Utf8,
  Vec,
  type ViewOf,
  array,
  bool,
  f32,
  f64,
  mat,
  nullable,
  ref,
  struct,
  tagged,
  u32,
  vec,
  weak,
} from "@perfloc/typed";
import { expect, test } from "vitest";

/** The example of README.md, as it stands there. */
function example(console: { log(...values: unknown[]): void }): void {
  // <example>
  const Particle = struct("Particle", { mass: f64, alive: bool, id: u32 });

  const heap = new Heap();
  const frame = heap.open("frame", { kind: "bump" });
  const particles = Particle.array(frame, 3);
  for (const particle of particles) particle.mass = 1.5;

  const first = Particle.cursor(heap, particles.addressAt(0));
  first.id = 7;
  let mass = 0;
  for (const particle of particles) mass += particle.mass;
  console.log(mass, Particle.layout());
  // </example>
}

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the example of the README prints what the README shows", () => {
  const printed: unknown[] = [];
  example({ log: (...values) => printed.push(...values) });
  const table = readme.split("```text\n")[1]?.split("\n```")[0];
  expect(printed).toEqual([4.5, table]);
});

test("the example of the README is the code above", () => {
  const source = readFileSync(new URL(import.meta.url), "utf8");
  const code = source.split("// <example>\n")[1]?.split("  // </example>")[0];
  const shown = readme.split("```ts\n")[1]?.split("```")[0];
  expect(shown).toBe(
    `import { Heap, bool, f64, struct, u32 } from "@perfloc/typed";\n\n${code?.replaceAll(/^ {2}/gm, "")}`,
  );
});

/** The shorter examples, as they stand there. */
const heap = new Heap();
const context = heap.open("readme", { kind: "bump" });

function functions(): void {
  // <functions>
  const Point = struct("Point", { x: f64, y: f64 });
  const Line = struct("Line", { from: Point, to: Point });
  function lengthOf({ from, to }: ViewOf<typeof Line>): number {
    return Math.hypot(to.x - from.x, to.y - from.y);
  }
  // </functions>
  const lines = Line.vector(context);
  lines.push({ to: { x: 3, y: 4 } });
  lines.push(lines.at(0));
  expect([...lines].map(lengthOf)).toEqual([5, 5]);
}

function references(console: { log(...values: unknown[]): void }): void {
  const Particle = struct("Particle", { mass: f64, alive: bool, id: u32 });
  // <references>
  const Entry = struct("Entry", {
    key: u32,
    get left() {
      return nullable(ref(Entry));
    },
    get right() {
      return nullable(ref(Entry));
    },
    owner: weak(Particle), // 0 once the particle was freed, or its context reset or dropped
  });

  function find(entry: CursorOf<typeof Entry>, key: number): boolean {
    while (entry.key !== key) if (!entry.$follow(key < entry.key ? "left" : "right")) return false;
    return true;
  }
  const left = Entry.alloc(context, { key: 1 });
  const root = Entry.cursor(heap, Entry.alloc(context, { key: 2, left }));
  console.log(find(root, 1));
  // </references>
  root.owner = Particle.alloc(context);
  console.log(find(root, 5), root.owner !== 0);
}

function taggedValues(): void {
  // <tagged>
  const Shape = tagged({ circle: struct("Circle", { radius: f64 }), side: f64 });
  const Figure = struct("Figure", { shape: Shape });
  const address = Figure.alloc(context, { shape: { kind: "circle", value: { radius: 2 } } });
  const { shape } = Figure.cursor(heap, address);
  if (shape.kind === "circle") shape.value.radius *= 2;
  shape.$set({ kind: "side", value: 3 });
  // </tagged>
  expect(Figure.toObject(heap, address)).toEqual({ shape: { kind: "side", value: 3 } });
}

function gpuBuffers(): void {
  // <gpu>
  const Light = struct("Light", { color: vec(f32, 3), power: f32 });
  const Scene = struct("Scene", { view: mat(f32, 4), lights: array(Light, 8) }, { abi: "wgsl" });
  const scene = Scene.over(new ArrayBuffer(Scene.size)); // or over what GPUBuffer.getMappedRange() returns
  scene.lights.at(1).color.$set([1, 0.5, 0]);
  scene.view.at(3).set(0, 12.5); // column 3, row 0
  // struct Light { color: vec3f, power: f32 }   struct Scene { view: mat4x4f, lights: array<Light, 8> }
  // </gpu>
  expect([Scene.size, Scene.offsetOf("lights[1].color[1]"), Scene.offsetOf("view[3][0]")]).toEqual([
    192, 84, 48,
  ]);
  expect(scene.lights.at(1).color.toArray()).toEqual([1, 0.5, 0]);
}

function collections(console: { log(...values: unknown[]): void }): void {
  // <collections>
  const marks = new Vec(context, f64, { capacity: 100 });
  marks.push(1.5);
  for (const mark of marks) console.log(mark); // also: length, append, reserve, truncate, clear, toArray

  const totals = new HashMap(context, u32, f64);
  totals.set(7, 1.5);
  for (const { key, value } of totals) console.log(key, value); // also: has, size, keys, values, clear, toMap

  const texts = new Utf8(context);
  const names = ["Ada", "Grace"].map((name) => texts.alloc(name));
  for (const name of names) console.log(texts.read(name)); // also: equals, compare, byteLength, free
  // </collections>
}

test("V7, V37, V71, V81, Y64 the shorter examples of the README do what they say", () => {
  functions();
  taggedValues();
  gpuBuffers();
  const found: unknown[] = [];
  references({ log: (...values) => found.push(...values) });
  expect(found).toEqual([true, false, true]);
  const printed: unknown[][] = [];
  collections({ log: (...values) => printed.push(values) });
  expect(printed).toEqual([[1.5], [7, 1.5], ["Ada"], ["Grace"]]);
});

test.each(["functions", "references", "tagged", "gpu", "collections"])(
  "the example of %s in the README is the code above",
  (name) => {
    const source = readFileSync(new URL(import.meta.url), "utf8");
    const code = source.split(`// <${name}>\n`)[1]?.split(`  // </${name}>`)[0];
    expect(readme).toContain(`\`\`\`ts\n${code?.replaceAll(/^ {2}/gm, "")}\`\`\``);
  },
);
