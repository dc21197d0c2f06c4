/**
 * Values in structs for GPUs: what is written here is read at the bytes where a shader reads it, and the other way round. The bytes are
 * those that glslang and naga name, of random structs.
 */
import { Heap, Vec } from "@perfloc/typed";
import { expect, test } from "vitest";
import { compileShader } from "./support/compile-shader.js";
import { type GpuAbi, type RandomBlock, randomShader } from "./support/random-blocks.js";
import { readScalar } from "./support/read-scalar.js";
import type { PlacedScalar } from "./support/spirv-layout.js";

const SEED = Number(process.env["PERFLOC_SEED"] ?? 1);
const BATCHES = 4;
const BATCH = 15;

type PlacedBlock = readonly [RandomBlock, readonly PlacedScalar[]];

function placedBlocks(abi: GpuAbi): PlacedBlock[] {
  const seeds = Array.from({ length: BATCHES }, (_, batch) => SEED * 7000 + batch);
  return seeds.flatMap((seed) =>
    compileShader(randomShader(seed, BATCH, abi, { isPlain: true }), abi),
  );
}

/** The scalar at a path of a plain object, as a shader has it: bools are numbers. */
function scalarAt(value: unknown, path: string): unknown {
  let part: any = value;
  for (const [step] of path.matchAll(/\w+/g)) part = part[step];
  return typeof part === "boolean" ? Number(part) : part;
}

function expectScalars(bytes: Uint8Array, [{ paths }, scalars]: PlacedBlock, value: unknown): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = scalars.map((scalar, index) => [paths[index], readScalar(view, scalar)]);
  expect(read).toEqual(paths.map((path) => [path, scalarAt(value, path)]));
}

/** The bytes that belong to no scalar. */
function paddingOf(bytes: Uint8Array, scalars: readonly PlacedScalar[]): Uint8Array {
  const isUsed = new Uint8Array(bytes.length);
  for (const { byteOffset, byteLength } of scalars)
    isUsed.fill(1, byteOffset, byteOffset + byteLength);
  return bytes.filter((_, byte) => isUsed[byte] === 0);
}

/** Stores a value through views alone, part for part. */
function assign(view: any, value: any): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      if (typeof element === "object") assign(view.at(index), element);
      else view.set(index, element);
  } else {
    for (const [name, part] of Object.entries(value))
      if (typeof part === "object") assign(view[name], part);
      else view[name] = part;
  }
}

const abis = ["std140", "std430", "wgsl"] as const;

test.each(abis)("V74 of %s lie where shaders read them, whichever way they are written", (abi) => {
  const placed = placedBlocks(abi);
  let count = 0;
  for (const each of placed) {
    const [block, scalars] = each;
    const { type } = block;
    count += scalars.length;
    using heap = new Heap();
    const context = heap.open("a");
    // So that memory is used anew, and padding is not zero by itself.
    const used = context.alloc(type.size, Math.max(16, type.align));
    context.bytes(used, type.size).fill(0xa5);
    context.free(used);

    const value = block.value();
    const address = type.alloc(context, value);
    expect(address).toBe(used);
    const bytes = context.bytes(address, type.size);
    expectScalars(bytes, each, value);
    expect(paddingOf(bytes, scalars).every((byte) => byte === 0)).toBe(true);
    expect(type.toObject(context, address)).toEqual(value);

    // Through the views of a cursor; the bytes between are left alone.
    const other = block.value();
    const second = type.alloc(context);
    type.fill(context, second, 0x5a);
    assign(type.cursor(context, second), other);
    const secondBytes = context.bytes(second, type.size);
    expectScalars(secondBytes, each, other);
    expect(paddingOf(secondBytes, scalars).every((byte) => byte === 0x5a)).toBe(true);
    expect(type.toObject(context, second)).toEqual(other);

    // What a shader writes.
    expect(type.equals(context, address, second)).toBe(false);
    for (const { byteOffset, byteLength } of scalars)
      bytes.set(secondBytes.subarray(byteOffset, byteOffset + byteLength), byteOffset);
    expect(type.toObject(context, address)).toEqual(other);
    expect(type.equals(context, address, second)).toBe(true);
  }
  console.log(`${placed.length} blocks, ${count} scalars of ${abi}, seed ${SEED}`);
});

test.each(abis)("V74 arrays, vectors and buffers of structs for %s keep their stride", (abi) => {
  for (const each of placedBlocks(abi)) {
    const [block] = each;
    const { type } = block;
    using heap = new Heap();
    const context = heap.open("a");
    const values = [block.value(), block.value(), block.value()];

    const structs = type.array(context, values.length);
    for (const [index, value] of values.entries()) structs.at(index).$set(value);
    const kept = new Vec(context, type);
    for (const value of values) kept.push(value);
    const buffer = new ArrayBuffer(type.size * values.length);
    for (const [index, value] of values.entries()) type.over(buffer, index * type.size).$set(value);

    const all = context.bytes(structs.addressAt(0), type.size * values.length);
    for (const [index, value] of values.entries()) {
      const first = index * type.size;
      expectScalars(all.subarray(first, first + type.size), each, value);
      expectScalars(new Uint8Array(buffer, first, type.size), each, value);
    }
    expect(Array.from(structs, (view) => JSON.stringify(view))).toEqual(
      Array.from(kept, (view) => JSON.stringify(view)),
    );
    expect(kept.toArray()).toEqual(values);
  }
});

test.each(abis)("V75 columns of structs for %s hold what was stored, each for itself", (abi) => {
  for (const [block] of placedBlocks(abi)) {
    using heap = new Heap();
    const context = heap.open("a");
    const columns = block.type.columns(context, 3) as any;
    const values = [block.value(), block.value(), block.value()];
    for (const [index, { lead, item, last }] of values.entries()) {
      columns.last[index] = last;
      columns.item.set(index, item);
      columns.lead[index] = lead;
    }
    expect([...columns.lead]).toEqual(values.map(({ lead }) => lead));
    expect(columns.item.toArray()).toEqual(values.map(({ item }) => item));
    expect([...columns.last]).toEqual(values.map(({ last }) => last));
  }
});
