import { Arena } from "@perfloc/arena";
import {
  OWNER_WORD,
  PAGE_WORDS,
  RUN_WORD,
  recordAt,
  runAt,
  spanStart,
} from "@perfloc/arena/internal";
import { expect, test } from "vitest";

const PAGE = 4096;

test("A21 a span has its length in its first record, and the distance to it in each other", () => {
  using arena = new Arena();
  const span = arena.spans.reserve(5, 9);
  const { pages } = arena.planes;
  const first = span / PAGE;
  const numbers = Array.from({ length: 7 }, (_, page) => first - 1 + page);
  expect(numbers.map((page) => runAt(pages, page))).toEqual([0, 5, -1, -2, -3, -4, 0]);
  expect(numbers.map((page) => spanStart(pages, page))).toEqual([
    -1,
    ...Array.from({ length: 5 }, () => first),
    -1,
  ]);
  for (const page of numbers) {
    const record = recordAt(page * PAGE + 4095);
    expect(record).toBe(page * PAGE_WORDS);
    expect(pages[record | RUN_WORD]).toBe(runAt(pages, page));
    expect(pages[record | OWNER_WORD]).toBe(spanStart(pages, page) < 0 ? 0 : 9);
  }
});
