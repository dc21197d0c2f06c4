/** The shop's server in plain JavaScript: objects as they come from the JSON, and a Map for each request. */
import { type OrderQuote, type OrderRequest, TAX_RATES, shippingCentsOf } from "./order.js";

interface Parcel {
  pieces: number;
  grams: number;
}

/** @param json - an {@link OrderRequest} as JSON. @returns its {@link OrderQuote} as JSON */
export function answer(json: string): string {
  const { order, isExpress, items } = JSON.parse(json) as OrderRequest;
  const parcels = new Map<number, Parcel>();
  let cents = 0;
  let taxCents = 0;
  let dearest = "";
  let dearestCents = -1;
  for (const item of items) {
    const lineCents = item.cents * item.quantity;
    cents += lineCents;
    taxCents += Math.round((lineCents * TAX_RATES[item.tax]) / 100);
    if (lineCents > dearestCents) {
      dearest = item.sku;
      dearestCents = lineCents;
    }
    let parcel = parcels.get(item.warehouse);
    if (parcel === undefined) {
      parcel = { pieces: 0, grams: 0 };
      parcels.set(item.warehouse, parcel);
    }
    parcel.pieces += item.quantity;
    parcel.grams += item.grams * item.quantity;
  }
  const quotes = [...parcels].map(([warehouse, { pieces, grams }]) => ({
    warehouse,
    pieces,
    grams,
    shippingCents: shippingCentsOf(grams, isExpress),
  }));
  quotes.sort((a, b) => a.warehouse - b.warehouse);
  const quote: OrderQuote = { order, cents, taxCents, dearest, parcels: quotes };
  return JSON.stringify(quote);
}
