import { readFileSync } from "node:fs";
import { Heap, bool, f64, struct, u32 } from "@perfloc/typed";
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
