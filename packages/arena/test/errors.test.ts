import {
  Arena,
  ChunkInUseError,
  CorruptionError,
  InvalidAddressError,
  InvalidOptionError,
  InvalidSizeError,
  LimitExceededError,
  MAX_SPAN_BYTES,
  OutOfMemoryError,
  PerflocError,
  ReleaseFailedError,
  UseAfterDropError,
} from "@perfloc/arena";
import { RUN_WORD, recordAt } from "@perfloc/arena/internal";
import { badAddresses, badSizes, FailingSource } from "@perfloc-tooling/testkit";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { checkRefusal, errorOf, stateOf } from "./arena-state.js";

/** An arena with a few spans, one free chunk and one vacant entry. */
function busyArena(): { arena: Arena; span: number } {
  const arena = new Arena({ initialChunkBytes: 16_384, maxChunkBytes: 65_536 });
  const span = arena.reserve(5000);
  const long = arena.reserve(65_536);
  const gone = arena.reserve(32_768);
  arena.release(long);
  arena.release(gone);
  arena.releaseChunk(arena.chunkAt(gone).index);
  return { arena, span };
}

/** In their order in the list, printed. */
function named(values: readonly unknown[]): (readonly [string, unknown])[] {
  return values.map((value) => [`${typeof value} ${inspect(value)}`, value]);
}

/** One of each, as it is thrown. */
function thrown(): PerflocError[] {
  const { arena, span } = busyArena();
  const source = new FailingSource(2);
  const failing = new Arena({ source });
  const taken = failing.reserve(1);
  const outOfMemory = errorOf(OutOfMemoryError, () => failing.reserve(65_536));
  failing.release(taken);
  source.refusesRelease = true;
  const releaseFailed = errorOf(ReleaseFailedError, () => failing.releaseChunk(0));
  const disposed = new Arena();
  disposed.dispose();
  const broken = new Arena();
  broken.reserve(1);
  broken.planes.pages[recordAt(4096) | RUN_WORD] = 0;
  return [
    outOfMemory,
    releaseFailed,
    errorOf(InvalidSizeError, () => arena.reserve(-1)),
    errorOf(InvalidAddressError, () => arena.release(span + 1)),
    errorOf(ChunkInUseError, () => arena.releaseChunk(0)),
    errorOf(InvalidOptionError, () => new Arena({ initialChunkBytes: 5000 })),
    errorOf(LimitExceededError, () => new Arena({ maxBytes: 1 }).reserve(1)),
    errorOf(UseAfterDropError, () => disposed.reserve(1)),
    errorOf(CorruptionError, () => broken.verify()),
  ];
}

describe("bad arguments", () => {
  const sizes = named([...badSizes, 0, -0, MAX_SPAN_BYTES + 1, undefined, true, [8], Symbol("8")]);

  test.each(sizes)("A25 no length: %s", (_, value) => {
    const { arena, span } = busyArena();
    const byteLength = value as number;
    for (const work of [() => arena.reserve(byteLength), () => arena.resize(span, byteLength)]) {
      const error = checkRefusal(arena, InvalidSizeError, work);
      expect(error).toMatchObject({
        code: "PERFLOC_ARENA_INVALID_SIZE",
        min: 1,
        max: MAX_SPAN_BYTES,
      });
      expect(error.requested).toBe(value);
    }
    expect(arena.reserve(1)).toBe(span - 4096);
  });

  const addresses = named([
    ...badAddresses,
    -0,
    1,
    4095,
    5001,
    2 ** 32 - 4096,
    -4096,
    true,
    [4096],
    Symbol("4096"),
  ]);

  test.each(addresses)("A25 no address: %s", (_, value) => {
    const { arena, span } = busyArena();
    const address = value as number;
    for (const work of [
      () => arena.release(address),
      () => arena.resize(address, 1),
      () => arena.spanBytes(address),
    ]) {
      const error = checkRefusal(arena, InvalidAddressError, work);
      expect(error.code).toBe("PERFLOC_ARENA_INVALID_ADDRESS");
      expect(error.address).toBe(value);
    }
    expect(arena.spanBytes(span)).toBe(8192);
  });

  test.each(named([...badAddresses, -4096, true, [4096], Symbol("4096")]))(
    "A25 in no chunk: %s",
    (_, value) => {
      const { arena } = busyArena();
      const error = checkRefusal(arena, InvalidAddressError, () => arena.chunkAt(value as number));
      expect(error.address).toBe(value);
      expect(arena.findChunk(value as number)).toBeUndefined();
    },
  );

  test.each(named([...badSizes, 3, undefined, true, [0], "0", Symbol("0")]))(
    "A25 A15 no chunk index: %s",
    (_, value) => {
      const { arena } = busyArena();
      const error = checkRefusal(arena, InvalidSizeError, () =>
        arena.releaseChunk(value as number),
      );
      expect(error).toMatchObject({ code: "PERFLOC_ARENA_INVALID_INDEX", min: 0, max: 2 });
      expect(error.requested).toBe(value);
    },
  );

  test("A25 the longest span is legal, one byte more is not", () => {
    using arena = new Arena();
    const span = arena.reserve(MAX_SPAN_BYTES);
    expect(arena.spanBytes(span)).toBe(MAX_SPAN_BYTES);
    checkRefusal(arena, InvalidSizeError, () => arena.reserve(MAX_SPAN_BYTES + 1));
  });
});

describe("what errors say", () => {
  test("A25 A26 a name, a stable code, one line with the fact, and a hint in sentences", () => {
    for (const error of thrown()) {
      expect(error).toBeInstanceOf(PerflocError);
      expect(error.name).toBe(error.constructor.name);
      expect(error.code).toMatch(/^PERFLOC_ARENA_[A-Z_]+$/);
      expect(error.message).toMatch(/^[a-z][^\n]*[^.\n]$/);
      expect(error.hint).toMatch(/^[A-Z][^\n]*\.$/);
      expect(error.stack).toContain(error.message);
    }
  });

  test("A25 a message shows what was passed as it was passed", () => {
    using arena = new Arena();
    const messages = ["8", 8n, Number.NaN, {}, () => 8, "x".repeat(99)].map(
      (value) =>
        errorOf(InvalidSizeError, () => arena.reserve(value as number)).message.split(",")[0],
    );
    expect(messages).toEqual([
      'byteLength is "8"',
      "byteLength is 8n",
      "byteLength is NaN",
      "byteLength is an object",
      "byteLength is a function",
      `byteLength is "${"x".repeat(40)}"`,
    ]);
    expect(errorOf(InvalidAddressError, () => arena.release(4096)).message).toContain(
      "4096 (0x1000)",
    );
    expect(errorOf(InvalidAddressError, () => arena.release(0)).message).toContain("0 (NULL)");
  });

  test("A26 an error of memory sums up what is held", () => {
    using arena = new Arena({ source: new FailingSource(2) });
    arena.reserve(1);
    const before = stateOf(arena);
    const error = errorOf(OutOfMemoryError, () => arena.reserve(65_536));
    expect(error.report).toBe(before.drawing.split("\n")[0]);
    expect(error.message).toContain("FailingSource");
    expect(error.message).toContain("65536");
  });
});
