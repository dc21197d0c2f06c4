/** What a bundle of a program without heaps is: the modules of structs alone. `pnpm size` bundles such programs. */
import { spawnSync } from "node:child_process";
import { Heap, MemoryContext } from "@perfloc/typed";
import * as below from "@perfloc/trim";
import { expect, test } from "vitest";

/** Runs a program with `Struct` alone, and a heap that it got from the package below. */
function runWithoutHeaps(program: string): unknown {
  const script = `
    import { Heap } from "@perfloc/trim";
    import { struct } from "../dist/struct.js";
    import { f64, u32 } from "../dist/fields/scalar.js";
    const Particle = struct("Particle", { mass: f64, id: u32 });
    ${program}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

test("V96 layouts and views over buffers need no heap", () => {
  const facts = runWithoutHeaps(`
    const particle = Particle.over(new ArrayBuffer(16));
    particle.$set({ mass: 1.5, id: 7 });
    console.log(JSON.stringify([Particle.offsetOf("id"), Particle.layout(), Particle.toC(), particle]));`);
  expect(facts).toEqual([
    8,
    expect.stringContaining("struct Particle: 16 bytes"),
    expect.stringContaining("sizeof(struct Particle) == 16"),
    { mass: 1.5, id: 7 },
  ]);
});

test("V95 V96 what structs do in heaps is not there, and says what to import", () => {
  const codes = runWithoutHeaps(`
    const heap = new Heap();
    const context = heap.open("context");
    const calls = [
      () => Particle.alloc(context),
      () => Particle.alloc(context, { id: 7 }),
      () => Particle.cursor(heap),
      () => Particle.cursor(heap, 4096),
      () => Particle.at(heap),
      () => Particle.array(context, 1),
      () => Particle.vector(context),
      () => Particle.columns(context, 1),
      () => Particle.copy(heap, 4096, 4096),
      () => Particle.equals(heap, 4096, 4096),
      () => Particle.fill(heap, 4096),
      () => Particle.toObject(heap, 4096),
      () => Particle.fromObject(heap, 4096, {}),
    ];
    const codes = calls.map((call) => {
      try {
        return call();
      } catch (error) {
        return /@perfloc\\/typed/.test(error.hint) && error.code;
      }
    });
    console.log(JSON.stringify(codes));`);
  expect(codes).toEqual(Array.from({ length: 13 }, () => "PERFLOC_TYPED_NO_HEAPS"));
});

test("V97 heaps and contexts are those of the packages below", () => {
  expect(Heap).toBe(below.Heap);
  expect(MemoryContext).toBe(below.MemoryContext);
  expect(new Heap().open("context")).toBeInstanceOf(below.MemoryContext);
});

test("V97 a struct that was used over buffers before a program loads heaps can do all in them", () => {
  const facts = runWithoutHeaps(`
    Particle.over(new ArrayBuffer(16)).id = 7;
    try { Particle.alloc(null); } catch {}
    const typed = await import("../dist/heap.js");
    const { Vec } = await import("../dist/collections/vec.js");
    const context = new typed.Heap().open("context");
    const address = Particle.alloc(context, { mass: 1.5, id: 7 });
    const array = new Vec(context, Particle);
    array.push({ id: 8 });
    console.log(JSON.stringify([
      Particle.cursor(context).$to(address).mass,
      Particle.at(context).id.get(address),
      array.at(0).id,
      Particle.array(context, 2).at(1).id,
      Particle.source().includes("alloc("),
    ]));`);
  expect(facts).toEqual([1.5, 7, 8, 0, true]);
});
