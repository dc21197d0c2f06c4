/** Both servers answer every order alike, and as the arithmetic says that was done by hand. */
import { Heap } from "@perfloc/typed";
import { expect, test } from "vitest";
import { makeRequests } from "../src/order-server/order.js";
import { makeServer } from "../src/order-server/perfloc.js";
import { answer } from "../src/order-server/plain.js";

/** Worked out by hand: 2 x 12.50 and 1 x 5.01 from one warehouse, 3 x 1.00 from another; shipped at double price. */
const REQUEST = `{"order":7,"isExpress":true,"items":[
  {"sku":"A-100001","warehouse":3,"quantity":2,"cents":1250,"grams":600,"tax":"standard"},
  {"sku":"B-200002","warehouse":1,"quantity":3,"cents":100,"grams":1000,"tax":"none"},
  {"sku":"C-300003","warehouse":3,"quantity":1,"cents":501,"grams":1,"tax":"reduced"}]}`;
const QUOTE = {
  order: 7,
  cents: 3301,
  taxCents: 475 + 35,
  dearest: "A-100001",
  parcels: [
    { warehouse: 1, pieces: 3, grams: 3000, shippingCents: 1080 },
    { warehouse: 3, pieces: 3, grams: 1201, shippingCents: 980 },
  ],
};

test("an order that was worked out by hand", () => {
  expect(JSON.parse(answer(REQUEST))).toEqual(QUOTE);
  expect(JSON.parse(makeServer()(REQUEST))).toEqual(QUOTE);
});

test.each(["off", "check", "debug"] as const)("made-up orders, check level %s", (check) => {
  using heap = new Heap({ check });
  const serve = makeServer(heap);
  for (const request of makeRequests(300, 17)) expect(serve(request)).toBe(answer(request));
  heap.verify();
  expect(heap.stats().usedBytes).toBe(0);
});

test("an order that no record can hold is refused, and its context goes all the same", () => {
  using heap = new Heap();
  const serve = makeServer(heap);
  expect(() => serve(REQUEST.replace('"warehouse":1', '"warehouse":65536'))).toThrow(
    expect.objectContaining({ code: "PERFLOC_TYPED_INVALID_VALUE" }),
  );
  expect(heap.stats().usedBytes).toBe(0);
  expect(JSON.parse(serve(REQUEST))).toEqual(QUOTE);
});
