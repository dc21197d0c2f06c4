/**
 * The shop's server with records in a context for each request:
 *
 *   heap ──► request      opened for one request, dropped when it is answered
 *              Vec of Item, HashMap of Parcel by warehouse
 */
import {
  HashMap,
  Heap,
  type MemoryContext,
  Vec,
  enumOf,
  struct,
  text,
  u16,
  u32,
  u8,
} from "@perfloc/typed";
import {
  type OrderQuote,
  type OrderRequest,
  type ParcelQuote,
  TAX_RATES,
  shippingCentsOf,
} from "./order.js";

const Item = struct("Item", {
  sku: text(12),
  warehouse: u16,
  quantity: u16,
  cents: u32,
  grams: u32,
  tax: enumOf(u8, { standard: 0, reduced: 1, none: 2 }),
});
const Parcel = struct("Parcel", { pieces: u32, grams: u32 });

/** @returns a function from an {@link OrderRequest} in JSON to an {@link OrderQuote} in JSON */
export function makeServer(heap: Heap = new Heap()): (json: string) => string {
  return (json) => {
    const request = heap.open("request");
    try {
      return JSON.stringify(quote(request, JSON.parse(json) as OrderRequest));
    } finally {
      request.drop();
    }
  };
}

function quote(request: MemoryContext, { order, isExpress, items }: OrderRequest): OrderQuote {
  const lines = new Vec(request, Item, { capacity: items.length });
  for (const item of items) lines.push(item);

  const parcels = new HashMap(request, u32, Parcel);
  let cents = 0;
  let taxCents = 0;
  let dearest = 0;
  let dearestCents = -1;
  for (let index = 0; index < lines.length; index++) {
    const line = lines.at(index);
    const lineCents = line.cents * line.quantity;
    cents += lineCents;
    taxCents += Math.round((lineCents * TAX_RATES[line.tax]) / 100);
    if (lineCents > dearestCents) {
      dearest = index;
      dearestCents = lineCents;
    }
    const parcel = parcels.obtain(line.warehouse);
    parcel.pieces += line.quantity;
    parcel.grams += line.grams * line.quantity;
  }
  const quotes: ParcelQuote[] = [];
  for (const { key: warehouse, value: parcel } of parcels) {
    const { pieces, grams } = parcel;
    quotes.push({ warehouse, pieces, grams, shippingCents: shippingCentsOf(grams, isExpress) });
  }
  quotes.sort((a, b) => a.warehouse - b.warehouse);
  return { order, cents, taxCents, dearest: lines.at(dearest).sku, parcels: quotes };
}
