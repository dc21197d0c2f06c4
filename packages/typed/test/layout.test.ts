import { UnknownFieldError, bool, f32, f64, i64, struct, u16, u32, u8 } from "@perfloc/typed";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { structFields } from "./support/random-structs.js";

test("V1 fields lie in order, each at the next multiple of its length", () => {
  const Mixed = struct("Mixed", { a: u8, b: f64, c: bool, d: u16, e: f32, g: i64, h: u8 });
  expect(["a", "b", "c", "d", "e", "g", "h"].map((name) => Mixed.offsetOf(name as "a"))).toEqual([
    0, 8, 16, 18, 20, 24, 32,
  ]);
  expect(Mixed.size).toBe(40);
  expect(Mixed.align).toBe(8);
});

test("V1 a struct of bytes has no padding", () => {
  const Bytes = struct("Bytes", { a: u8, b: bool, c: u8 });
  expect([Bytes.size, Bytes.align]).toEqual([3, 1]);
});

test("V1 fields are aligned, in order, without overlap, and with no more padding than alignment needs", () => {
  fc.assert(
    fc.property(structFields, (fields) => {
      const Random = struct("Random", fields);
      let end = 0;
      for (const [name, { byteLength }] of Object.entries(fields)) {
        const offset = Random.offsetOf(name);
        expect(offset % byteLength).toBe(0);
        expect(offset - end).toBeGreaterThanOrEqual(0);
        expect(offset - end).toBeLessThan(byteLength);
        end = offset + byteLength;
      }
      expect(Random.align).toBe(Math.max(...Object.values(fields).map((type) => type.byteLength)));
      expect(Random.size % Random.align).toBe(0);
      expect(Random.size - end).toBeLessThan(Random.align);
    }),
  );
});

test("V2 the offset of an unknown field is refused", () => {
  const Point = struct("Point", { x: f32, y: f32 });
  expect(Point.name).toBe("Point");
  for (const name of ["z", "toString", "__proto__", ""]) {
    const attempt = (): number => Point.offsetOf(name as "x");
    expect(attempt).toThrow(UnknownFieldError);
    expect(attempt).toThrow(expect.objectContaining({ code: "PERFLOC_TYPED_UNKNOWN_FIELD" }));
  }
});

test("V3 layout() is a table of fields and holes", () => {
  const Particle = struct("Particle", { mass: f64, alive: bool, id: u32, kind: u8 });
  expect(Particle.layout()).toBe(
    [
      "struct Particle: 24 bytes, alignment 8, 10 bytes of padding",
      "offset  bytes  type  field",
      "     0      8  f64   mass",
      "     8      1  bool  alive",
      "     9      3        (padding)",
      "    12      4  u32   id",
      "    16      1  u8    kind",
      "    17      7        (padding)",
      "8 bytes less in this order: mass, id, alive, kind",
    ].join("\n"),
  );
});

test("V3 the lengths in the table add up", () => {
  fc.assert(
    fc.property(structFields, (fields) => {
      const Random = struct("Random", fields);
      const rows = Random.layout()
        .split("\n")
        .slice(2)
        .filter((row) => /^ *\d+ +\d+  /.test(row));
      let end = 0;
      for (const row of rows) {
        const [offset, byteLength] = row.trim().split(/\s+/).map(Number);
        expect(offset).toBe(end);
        end += byteLength ?? Number.NaN;
      }
      expect(end).toBe(Random.size);
    }),
  );
});
