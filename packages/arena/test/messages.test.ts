/** What messages say, word for word where it depends on what was passed. */
import { Arena, ArrayBufferSource, CorruptionError, OutOfMemoryError } from "@perfloc/arena";
import { expect, test } from "vitest";

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof Error ? error.message : "no error";
  }
  return "nothing was thrown";
}

test.each([
  [0, "0 (NULL) points nowhere"],
  [8, "8 (0x8) lies in no top chunk that is held"],
  [-8, "-8 lies in no top chunk that is held"],
  [1.5, "1.5 lies in no top chunk that is held"],
  [null, "null lies in no top chunk that is held"],
  [{}, "an object lies in no top chunk that is held"],
  ["8", '"8" lies in no top chunk that is held'],
])("A25 chunkAt(%j) says what was passed, and what is wrong with it", (address, text) => {
  using arena = new Arena();
  expect(messageOf(() => arena.chunkAt(address as number))).toContain(text);
});

test("A25 of a release: NULL, and what begins no span", () => {
  using arena = new Arena();
  const span = arena.reserve(8192);
  expect(messageOf(() => arena.release(0))).toContain("0 (NULL) points nowhere");
  expect(messageOf(() => arena.release(span + 4096))).toContain("is not the beginning of a span");
});

test("A23 damage has an address where there is one", () => {
  expect(new CorruptionError("CODE", 0, "it is wrong").message).toBe("it is wrong");
  expect(new CorruptionError("CODE", 16, "it is wrong").message).toBe(
    "it is wrong at address 16 (0x10)",
  );
});

test("A26 what a source refused is told with numbers", () => {
  const source = new ArrayBufferSource();
  using arena = new Arena({
    source: {
      capabilities: source.capabilities,
      acquire: () => {
        throw new RangeError("no");
      },
      release: () => false,
    },
  });
  let thrown: unknown;
  try {
    arena.reserve(8192);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(OutOfMemoryError);
  expect(thrown).toMatchObject({
    requestedBytes: 8192,
    heldBytes: 0,
    usedBytes: 0,
    limitBytes: Infinity,
  });
});

test("A27 the end of a using block disposes", () => {
  const kept = ((): Arena => {
    using arena = new Arena();
    arena.reserve(8192);
    return arena;
  })();
  expect(kept.isDisposed).toBe(true);
  expect(kept.stats().heldBytes).toBe(0);
});

test("A30 A34 a listener that is taken away twice takes no other one with it", () => {
  using arena = new Arena();
  let chunks = 0;
  let held = 0;
  arena.watchChunks(() => chunks++);
  arena.watchHeld(() => held++);
  const ends = [arena.watchChunks(() => undefined), arena.watchHeld(() => undefined)];
  for (const end of [...ends, ...ends, ...ends]) end();
  arena.reserve(8192);
  expect([chunks, held]).toEqual([1, 1]);
});

test.each(["acquire", "release", "capabilities"] as const)(
  "A28 a source without %s is refused",
  (missing) => {
    const source = Object.assign(new ArrayBufferSource(), { [missing]: undefined });
    expect(() => new Arena({ source })).toThrow("source");
  },
);
