/** The keys of the `map-*` rows: a million different ones, in no order. */
import { randomFrom } from "@perfloc-tooling/testkit";

export const ENTRIES = 1_000_000;

/** What a row does: fill a map that begins empty, or look all keys up in another order. */
export type MapWork = "insert" | "get";

export type MapKeys = "u32" | "string";

/** Different random numbers of 32 bits. */
export function numberKeys(): Uint32Array {
  const random = randomFrom(1);
  const seen = new Set<number>();
  while (seen.size < ENTRIES) seen.add(Math.floor(random() * 2 ** 32));
  return Uint32Array.from(seen);
}

/** The same in a random order. */
export function shuffled(keys: Uint32Array): Uint32Array {
  const random = randomFrom(2);
  const order = keys.slice();
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const key = order[last]!;
    order[last] = order[other]!;
    order[other] = key;
  }
  return order;
}

/** Strings as programs have them: some common letters, and a number. */
export function textOf(key: number): string {
  return `user:${key}`;
}
