/** The requests and replies of a shop, as JSON, and made-up requests. */
import { randomFrom } from "@perfloc-tooling/testkit";

export type Tax = "standard" | "reduced" | "none";

/** One line of an order. */
interface OrderItem {
  readonly sku: string;
  readonly warehouse: number;
  readonly quantity: number;
  /** Of one piece. */
  readonly cents: number;
  /** Of one piece. */
  readonly grams: number;
  readonly tax: Tax;
}

export interface OrderRequest {
  readonly order: number;
  readonly isExpress: boolean;
  readonly items: readonly OrderItem[];
}

/** What goes out of one warehouse. */
export interface ParcelQuote {
  readonly warehouse: number;
  readonly pieces: number;
  readonly grams: number;
  readonly shippingCents: number;
}

export interface OrderQuote {
  readonly order: number;
  readonly cents: number;
  readonly taxCents: number;
  /** The line with the highest price. */
  readonly dearest: string;
  /** By warehouse, the lowest first. */
  readonly parcels: readonly ParcelQuote[];
}

/** In percent. */
export const TAX_RATES: Readonly<Record<Tax, number>> = { standard: 19, reduced: 7, none: 0 };

/** By weight, for each kilogram begun. */
export function shippingCentsOf(grams: number, isExpress: boolean): number {
  const cents = 390 + Math.ceil(grams / 1000) * 50;
  return isExpress ? cents * 2 : cents;
}

/** JSON of made-up orders, of 1 to 20 lines. */
export function makeRequests(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const taxes: readonly Tax[] = ["standard", "standard", "reduced", "none"];
  const item = (): OrderItem => ({
    sku: `${"ABCDEFGH"[upTo(8)]}-${100_000 + upTo(900_000)}`,
    warehouse: 1 + upTo(5),
    quantity: 1 + upTo(9),
    cents: 99 + upTo(20_000),
    grams: 20 + upTo(4000),
    tax: taxes[upTo(4)]!,
  });
  return Array.from({ length: count }, (_, index) => {
    const items = Array.from({ length: 1 + upTo(20) }, item);
    const request: OrderRequest = { order: 1 + index, isExpress: upTo(4) === 0, items };
    return JSON.stringify(request);
  });
}
