import { Heap, type MemoryContext } from "@perfloc/context";
import { randomFrom } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";
import { checkLevels } from "./support/fixtures.js";

/** A program without mistakes; answers every address that it was given. */
function run(heap: Heap, seed: number): number[] {
  const random = randomFrom(seed);
  const context: MemoryContext = heap.open("program");
  const answers: number[] = [];
  let live: number[] = [];
  for (let step = 0; step < 3000; step++) {
    const choice = random();
    const byteLength = Math.floor(random() ** 5 * 60_000);
    if (choice < 0.5 || live.length === 0) live.push(context.alloc(byteLength));
    else if (choice < 0.8) {
      const [freed = 0] = live.splice(Math.floor(random() * live.length), 1);
      context.free(freed);
    } else if (choice < 0.995) {
      const position = Math.floor(random() * live.length);
      live[position] = context.realloc(live[position] ?? 0, byteLength);
    } else {
      context.reset();
      live = [];
    }
    answers.push(live.at(-1) ?? 0);
  }
  return answers;
}

test("C58 a program without mistakes sees the same addresses and figures on every check level", () => {
  for (const seed of [58, 59, 60]) {
    const outcomes = checkLevels.map((check) => {
      using heap = new Heap({ check });
      return { answers: run(heap, seed), stats: heap.stats() };
    });
    expect(outcomes[1]).toEqual(outcomes[0]);
  }
});
