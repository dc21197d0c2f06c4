import {
  Arena,
  InvalidOptionError,
  InvalidSizeError,
  type ArenaOptions,
  type BufferSource,
} from "@perfloc/arena";
import { badSizes, FailingSource } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import { errorOf, heldLengths } from "./arena-state.js";

/** The bad sizes that do not stand for "use the default". */
const refused = badSizes.filter((value) => (value as unknown) !== null);

function acquire(): never {
  throw new Error("not called");
}

function release(): void {}

describe("options", () => {
  test.each(["initialChunkBytes", "maxChunkBytes"] as const)(
    "A28 %s is a power of two from 4096 to 2^30",
    (name) => {
      for (const value of [...refused, 0, 2048, 4095, 2 ** 30 + 4096, 2 ** 31]) {
        const error = errorOf(InvalidSizeError, () => new Arena({ [name]: value }));
        expect(error).toMatchObject({
          code: "PERFLOC_ARENA_INVALID_OPTION",
          requested: value,
          max: 2 ** 30,
        });
        expect(error.message).toContain(name);
      }
      for (const value of [4097, 65_535, 100_000, 3 * 65_536]) {
        const error = errorOf(
          InvalidOptionError,
          () => new Arena({ initialChunkBytes: 4096, [name]: value }),
        );
        expect(error).toMatchObject({ code: "PERFLOC_ARENA_INVALID_OPTION", option: name, value });
      }
    },
  );

  test.each([null, 5, "options"])("A28 options that are %j are no object", (options) => {
    const error = errorOf(InvalidOptionError, () => new Arena(options as ArenaOptions));
    expect(error).toMatchObject({ code: "PERFLOC_ARENA_INVALID_OPTION", option: "options" });
  });

  test("A28 the nearest legal lengths are named", () => {
    const error = errorOf(InvalidOptionError, () => new Arena({ initialChunkBytes: 100_000 }));
    expect(error.message).toContain("65536");
    expect(error.message).toContain("131072");
  });

  test("A28 the cap is not below the first chunk, and follows it when left out", () => {
    const error = errorOf(
      InvalidSizeError,
      () => new Arena({ initialChunkBytes: 8192, maxChunkBytes: 4096 }),
    );
    expect(error).toMatchObject({ requested: 4096, min: 8192 });
    using arena = new Arena({ initialChunkBytes: 2 ** 28 });
    arena.reserve(2 ** 28);
    arena.reserve(2 ** 28);
    expect(heldLengths(arena)).toEqual([2 ** 28, 2 ** 28]);
  });

  test("A28 maxBytes is a whole number from 1 to 2^32", () => {
    for (const maxBytes of [...refused.filter((value) => value !== 2 ** 31), 0, 2 ** 32 + 1]) {
      const error = errorOf(InvalidSizeError, () => new Arena({ maxBytes }));
      expect(error).toMatchObject({
        code: "PERFLOC_ARENA_INVALID_OPTION",
        requested: maxBytes,
        max: 2 ** 32,
      });
    }
    for (const maxBytes of [1, 2 ** 31, 2 ** 32])
      expect(new Arena({ maxBytes }).stats().heldBytes).toBe(0);
  });

  test("A28 a source has its three members", () => {
    const { capabilities } = new FailingSource();
    for (const source of [
      5,
      "heap",
      {},
      { capabilities },
      { capabilities, acquire },
      { acquire, release },
    ]) {
      const error = errorOf(
        InvalidOptionError,
        () => new Arena({ source: source as BufferSource }),
      );
      expect(error).toMatchObject({
        code: "PERFLOC_ARENA_INVALID_OPTION",
        option: "source",
        value: source,
      });
    }
    expect(new Arena({ source: { capabilities, acquire, release } }).chunks).toEqual([]);
  });

  test.each([undefined, null])("A28 %s stands for the default", (absent) => {
    const options = {
      initialChunkBytes: absent,
      maxChunkBytes: absent,
      maxBytes: absent,
      source: absent,
    } as ArenaOptions;
    using arena = new Arena(options);
    arena.reserve(1);
    expect(heldLengths(arena)).toEqual([32_768]);
    expect(arena.source.capabilities.name).toBe("ArrayBuffer");
  });
});
