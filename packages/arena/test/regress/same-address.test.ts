// C original: every process chunk carved from one top chunk got the same address, since none was entered into its list.
import { Arena } from "@perfloc/arena";
import { expect, test } from "vitest";

test("A2 spans that live at the same time share no byte", () => {
  using arena = new Arena();
  const spans = Array.from({ length: 100 }, (_, index) =>
    arena.reserve(1 + ((index * 5003) % 20_000)),
  );
  expect(new Set(spans).size).toBe(spans.length);
  const fillSpan = (span: number, value: number): void => {
    const chunk = arena.chunkAt(span);
    const begin = span - chunk.base;
    chunk.u8.fill(value, begin, begin + arena.spanBytes(span));
  };
  spans.forEach((span, index) => fillSpan(span, index));
  spans.forEach((span, index) => {
    const chunk = arena.chunkAt(span);
    const bytes = chunk.u8.subarray(span - chunk.base, span - chunk.base + arena.spanBytes(span));
    expect(bytes.every((byte) => byte === index)).toBe(true);
  });
});
