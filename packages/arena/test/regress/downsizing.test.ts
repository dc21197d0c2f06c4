// C original: no chunk was ever given back; 512 MB stayed held for a need of 2 MB.
import { Arena } from "@perfloc/arena";
import { FailingSource } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

const MIB = 2 ** 20;

test("A7 A14 A17 after a load of 512 MiB, chunks of 2 MiB are enough for 2 MiB", () => {
  const source = new FailingSource();
  using arena = new Arena({ source });
  const spans = Array.from({ length: 8192 }, () => arena.reserve(64 * 1024));
  expect(arena.stats().usedBytes).toBe(512 * MIB);
  while (spans.length > 31) arena.release(spans.pop() as number);
  for (const chunk of arena.chunks) if (chunk.usedBytes === 0) arena.releaseChunk(chunk.index);
  expect(arena.stats().heldBytes).toBeLessThanOrEqual(2 * MIB);
  const outside = [...source.live].reduce((sum, buffer) => sum + buffer.byteLength, 0);
  expect(outside).toBe(arena.stats().heldBytes);
  // And up again, at the same addresses.
  const peak = arena.stats().peakHeldBytes;
  for (let count = 31; count < 8192; count++) arena.reserve(64 * 1024);
  expect(arena.stats().peakHeldBytes).toBe(peak);
  arena.verify();
});
