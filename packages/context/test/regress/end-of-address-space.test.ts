/*
 * Perfloc: rounding an address up wrapped to 0 where a process chunk ends at 2^32, the end of the address space. The context then
 * handed out NULL, and after it the page that nobody may have.
 */
import { Arena, Heap, OutOfMemoryError } from "@perfloc/context";
import { expect, test } from "vitest";

const LAST_PAGE = 2 ** 32 - 4096;
const GIB = 2 ** 30;

/** An arena of which only the last page is left. */
function almostFullArena(): Arena {
  const arena = new Arena({ initialChunkBytes: GIB, maxChunkBytes: GIB });
  for (let slot = 0; slot < 3; slot++) arena.reserve(slot === 0 ? GIB / 2 : GIB);
  const last = arena.reserve(GIB);
  arena.resize(last, GIB - 4096);
  for (let left = GIB / 4; left >= 4096; left /= 2) arena.reserve(left);
  return arena;
}

test.each(["bump", "allocset", "slab"] as const)(
  "C5 a %s at the end of the address space never hands out NULL",
  (kind) => {
    using arena = almostFullArena();
    using heap = new Heap({ arena });
    const context = heap.open("last", kind === "slab" ? { kind, slotBytes: 16 } : { kind });
    const addresses = new Set<number>();
    expect(() => {
      for (;;) addresses.add(context.alloc(16));
    }).toThrow(OutOfMemoryError);
    expect(Math.min(...addresses)).toBeGreaterThan(0);
    expect(Math.max(...addresses)).toBe(2 ** 32 - 16);
    if (kind !== "bump") expect(context.realloc(2 ** 32 - 16, 10, 16)).toBe(2 ** 32 - 16);
    expect(context.alloc.bind(context, 16)).toThrow(OutOfMemoryError);
    heap.verify();
    expect([...addresses].some((address) => address >= LAST_PAGE)).toBe(true);
  },
);

test("C13 an aligned object does not wrap round the end of the address space", () => {
  using arena = almostFullArena();
  using heap = new Heap({ arena });
  const context = heap.open("last");
  expect(() => {
    for (;;) context.alloc(24, 16);
  }).toThrow(OutOfMemoryError);
  heap.verify();
});
