import { Arena, InvalidAddressError, type ParkingOwner } from "@perfloc/arena";
import { badAddresses } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import { checkRefusal } from "./arena-state.js";

const PAGE = 4096;
const KIND = {};

/** A span of `pageCount` pages with an owner. */
function reserveOwned(arena: Arena, pageCount: number): ParkingOwner {
  const base = arena.reserve(pageCount * PAGE);
  const owner: ParkingOwner = { base, nextParked: undefined };
  arena.chunkAt(base).setOwner(base, owner);
  return owner;
}

describe("park", () => {
  test("A32 the pages are free, and the chunk can go back to the OS", () => {
    const arena = new Arena();
    const owner = reserveOwned(arena, 2);
    const chunk = arena.chunkAt(owner.base);
    arena.park(owner, KIND);
    expect(arena.stats()).toMatchObject({ usedBytes: 0, spanCount: 0 });
    expect(chunk).toMatchObject({ usedBytes: 0, freeBytes: 7 * PAGE });
    expect(chunk.ownerAt(owner.base)).toBeUndefined();
    expect(arena.releaseChunk(chunk.index)).toBe(8 * PAGE);
    expect(arena.unpark(2 * PAGE, KIND)).toBeUndefined();
    arena.verify();
  });

  test("A30 A32 a chunk whose last span is parked rings the doorbell", () => {
    const arena = new Arena();
    const owners = [reserveOwned(arena, 1), reserveOwned(arena, 1)] as const;
    let rings = 0;
    arena.watchChunks(() => rings++);
    arena.park(owners[0], KIND);
    expect(rings).toBe(0);
    arena.park(owners[1], KIND);
    expect(rings).toBe(1);
  });

  test("A32 a span that fits only when parked ones merge lies among them", () => {
    const arena = new Arena();
    const owners = [reserveOwned(arena, 1), reserveOwned(arena, 2), reserveOwned(arena, 4)];
    for (const owner of owners) arena.park(owner, KIND);
    expect(arena.reserve(4 * PAGE)).toBe(4 * PAGE);
    expect(arena.stats().heldChunks).toBe(1);
    arena.verify();
  });

  test("A9 A32 an oversize chunk with a parked span is used again whole", () => {
    const arena = new Arena({ initialChunkBytes: 4 * PAGE, maxChunkBytes: 4 * PAGE });
    for (let pages = 0; pages < 3; pages++) arena.reserve(PAGE);
    const long = arena.reserve(5 * PAGE);
    arena.release(long);
    const owner = reserveOwned(arena, 4);
    expect(arena.chunkAt(owner.base)).toBe(arena.chunkAt(long));
    arena.park(owner, KIND);
    expect(arena.reserve(5 * PAGE)).toBe(long);
    arena.verify();
  });

  test("A18 A32 a span grows over the parked one behind it", () => {
    const arena = new Arena();
    const [first, second] = [reserveOwned(arena, 1), reserveOwned(arena, 1)];
    expect(second.base).toBe(first.base + PAGE);
    arena.park(second, KIND);
    expect(arena.resize(first.base, 2 * PAGE, first)).toBe(true);
    expect(arena.unpark(PAGE, KIND)).toBeUndefined();
    arena.verify();
  });

  test.each([3, 65, 128])("A32 %i pages are released, not parked", (pageCount) => {
    const arena = new Arena();
    const owner = reserveOwned(arena, pageCount);
    arena.park(owner, KIND);
    expect(arena.stats().usedBytes).toBe(0);
    expect(arena.unpark(pageCount * PAGE, KIND)).toBeUndefined();
    arena.verify();
  });

  test("A32 64 spans of a chunk are parked, the next one is released", () => {
    const arena = new Arena({ initialChunkBytes: 128 * PAGE });
    const owners = Array.from({ length: 65 }, () => reserveOwned(arena, 1));
    for (const owner of owners) arena.park(owner, KIND);
    arena.verify();
    for (const owner of owners.slice(0, 64).toReversed())
      expect(arena.unpark(PAGE, KIND)).toBe(owner);
    expect(arena.unpark(PAGE, KIND)).toBeUndefined();
    arena.verify();
  });

  test("A32 owners of a second kind are released", () => {
    const arena = new Arena();
    const [first, second] = [reserveOwned(arena, 1), reserveOwned(arena, 2)];
    arena.park(first, KIND);
    arena.park(second, {});
    expect(arena.stats().usedBytes).toBe(0);
    expect(arena.unpark(2 * PAGE, KIND)).toBeUndefined();
    expect(arena.unpark(PAGE, {})).toBeUndefined();
    expect(arena.unpark(PAGE, KIND)).toBe(first);
    arena.verify();
  });

  test.each(badAddresses)("A25 A32 refuses an owner at %s", (base) => {
    const arena = new Arena();
    reserveOwned(arena, 1);
    const owner: ParkingOwner = { base, nextParked: undefined };
    checkRefusal(arena, InvalidAddressError, () => arena.park(owner, KIND));
  });

  test("A13 A25 A32 refuses nobody, a stranger, and a span without an owner", () => {
    const arena = new Arena();
    const owner = reserveOwned(arena, 1);
    const unowned: ParkingOwner = { base: arena.reserve(PAGE), nextParked: undefined };
    const nobody = undefined as unknown as ParkingOwner;
    checkRefusal(arena, InvalidAddressError, () => arena.park(nobody, KIND));
    checkRefusal(arena, InvalidAddressError, () => arena.park({ ...owner }, KIND));
    checkRefusal(arena, InvalidAddressError, () => arena.park(unowned, KIND));
  });
});

describe("unpark", () => {
  test("A33 answers the owner that was parked last, at the address that it knows", () => {
    const arena = new Arena();
    const [first, second] = [reserveOwned(arena, 2), reserveOwned(arena, 2)];
    arena.park(first, KIND);
    arena.park(second, KIND);
    expect(arena.unpark(2 * PAGE, KIND)).toBe(second);
    expect(arena.stats()).toMatchObject({ usedBytes: 2 * PAGE, spanCount: 1 });
    expect(arena.pageOwners.slice(second.base / PAGE, second.base / PAGE + 2)).toEqual([
      second,
      second,
    ]);
    expect(arena.spanBytes(second.base)).toBe(2 * PAGE);
    arena.release(second.base, second);
    arena.verify();
  });

  test("A7 A33 a lower chunk with room goes before a parked span", () => {
    const arena = new Arena();
    const low = arena.reserve(4 * PAGE);
    const owner = reserveOwned(arena, 4);
    expect(arena.chunkAt(owner.base).index).toBe(1);
    arena.park(owner, KIND);
    arena.release(low);
    expect(arena.unpark(4 * PAGE, KIND)).toBeUndefined();
    expect(arena.reserve(4 * PAGE)).toBe(low);
    expect(arena.unpark(4 * PAGE, KIND)).toBe(owner);
    arena.verify();
  });

  test.each([0, 1, PAGE + 1, 3 * PAGE, 2 ** 31, -1, 1.5, Number.NaN, Infinity, 2 ** 32 + PAGE])(
    "A33 there is no parked span of %s bytes",
    (byteLength) => {
      const arena = new Arena();
      arena.park(reserveOwned(arena, 1), KIND);
      expect(arena.unpark(byteLength, KIND)).toBeUndefined();
      arena.verify();
    },
  );
});
