import { InvalidStructError, type StructFields, f32, struct, u8 } from "@perfloc/typed";
import { expect, test } from "vitest";

function checkRefused(name: unknown, fields: unknown, code: string): void {
  const attempt = (): unknown => struct(name as string, fields as StructFields);
  expect(attempt).toThrow(InvalidStructError);
  expect(attempt).toThrow(expect.objectContaining({ code }));
}

test("V4 a struct without fields is refused", () => {
  checkRefused("Empty", {}, "PERFLOC_TYPED_EMPTY_STRUCT");
  checkRefused("Empty", Object.create(null), "PERFLOC_TYPED_EMPTY_STRUCT");
});

test("V5 what is no exported type is refused", () => {
  const lookAlike = { name: "f32", byteLength: 4 };
  for (const type of [null, "f32", 4, lookAlike, {}, []]) {
    checkRefused("Wrong", { x: f32, y: type }, "PERFLOC_TYPED_UNKNOWN_TYPE");
  }
  expect(() => struct("Wrong", { y: lookAlike as typeof f32 })).toThrow(
    "cannot make struct Wrong: field y has an unknown type",
  );
});

test("V5 a struct within itself is refused", () => {
  checkRefused("Node", { next: undefined }, "PERFLOC_TYPED_RECURSIVE_STRUCT");
  checkRefused("Node", { next: () => u8 }, "PERFLOC_TYPED_RECURSIVE_STRUCT");
  expect(() => struct("Node", { next: undefined as unknown as typeof u8 })).toThrow(
    "cannot make struct Node: field next has a type that is not made yet",
  );
});

test("V6 names that are reserved or no identifiers are refused", () => {
  const names = [
    "constructor",
    "toJSON",
    "$",
    "$to",
    "$x",
    "a$b",
    "",
    "1",
    "0x",
    "a b",
    "a-b",
    "a.b",
  ];
  for (const name of names) checkRefused("S", { [name]: u8 }, "PERFLOC_TYPED_INVALID_NAME");
  checkRefused("S", { x: u8, ["__proto__"]: u8 }, "PERFLOC_TYPED_INVALID_NAME");
  for (const name of ["", "1st", "a b", "$S", undefined, 5, null, Symbol("s")]) {
    checkRefused(name, { x: u8 }, "PERFLOC_TYPED_INVALID_NAME");
  }
});

test("V6 a literal __proto__ is refused, not lost", () => {
  checkRefused("S", { __proto__: u8, x: u8 }, "PERFLOC_TYPED_INVALID_FIELDS");
  for (const fields of [undefined, null, 5, "x", [u8], new Map()]) {
    checkRefused("S", fields, "PERFLOC_TYPED_INVALID_FIELDS");
  }
});

test("V6 other names of Object.prototype, and letters of any script, are fields like others", () => {
  const fields = { toString: u8, valueOf: u8, hasOwnProperty: u8, größe: u8, _: u8 };
  expect(struct("S", fields).offsetOf("größe")).toBe(3);
});
