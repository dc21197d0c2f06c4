import { Heap } from "@perfloc/context";
import { parseTrace } from "@perfloc-tooling/traces";
import { describe, expect, test } from "vitest";
import { CheckedReplay } from "../src/checked-replay.js";
import { ContentCheck } from "../src/content-check.js";

/** Objects 0 to 4 end by free, realloc, reset, drop of the parent, and not at all. */
const ALLOCATIONS = 7;
const TRACE = `# contexts 2 objects 5 ops 11 peak_live_bytes 259
c 1 0 allocset parent
c 2 1 allocset child
a 2 0 40
a 2 1 48
a 2 2 56
a 2 3 64
a 2 4 51
f 0
r 1 24
R 2
D 1
`;

function startReplay(text: string) {
  const heap = new Heap();
  const content = new ContentCheck(heap.arena);
  let peaks = 0;
  const trace = parseTrace(new TextEncoder().encode(text), "test.mct");
  const replay = new CheckedReplay(heap, trace, content, () => peaks++);
  return { heap, content, replay, peaks: () => peaks };
}

/** Flips one bit of one byte. */
function damage(heap: Heap, address: number): void {
  const chunk = heap.arena.chunkAt(address);
  chunk.u8[address - chunk.base]! ^= 1;
}

describe("a replay that looks after its objects", () => {
  test("finds nothing wrong with a sound heap, and every object is looked at", () => {
    const { heap, content, replay, peaks } = startReplay(TRACE);
    replay.run(ALLOCATIONS);
    expect(replay.liveBytes).toBe(259);
    replay.run(Infinity);
    expect(replay.position).toBe(replay.length);
    // 0 before its free, 1 before and after its realloc, 1 to 4 at the reset.
    expect(content).toMatchObject({ checkedObjects: 7, corruptObjects: 0 });
    expect(replay.liveBytes).toBe(0);
    expect(peaks()).toBe(1);
    heap.verify();
  });

  test.each([
    ["freed", 0, 0],
    ["freed, in its last byte", 0, 39],
    ["reset", 2, 52],
    ["reset, in its odd last byte", 4, 50],
  ])("reports a damaged object that is %s", (_, object, offset) => {
    const { heap, content, replay } = startReplay(TRACE);
    replay.run(ALLOCATIONS);
    damage(heap, replay.addressOf(object) + offset);
    replay.run(Infinity);
    expect(content.corruptObjects).toBe(1);
  });

  test("reports an object that is damaged before its realloc, before and after it", () => {
    const { heap, content, replay } = startReplay(TRACE);
    replay.run(ALLOCATIONS);
    damage(heap, replay.addressOf(1));
    replay.run(Infinity);
    expect(content.corruptObjects).toBe(2);
  });

  test("reports what is damaged when its context goes with its parent", () => {
    const withoutReset = TRACE.replace("R 2\n", "").replace("ops 11", "ops 10");
    const { heap, content, replay } = startReplay(withoutReset);
    replay.run(ALLOCATIONS);
    damage(heap, replay.addressOf(3));
    replay.run(Infinity);
    expect(content.corruptObjects).toBe(1);
  });

  test("reports what is damaged and still live at the end", () => {
    const onlyAllocations = `${TRACE.split("\n").slice(0, 8).join("\n")}\n`.replace(
      "ops 11",
      "ops 7",
    );
    const { heap, content, replay } = startReplay(onlyAllocations);
    replay.run(Infinity);
    damage(heap, replay.addressOf(4));
    replay.checkLiveObjects();
    expect(content).toMatchObject({ checkedObjects: 5, corruptObjects: 1 });
  });

  test("a reset leaves the objects of children alone", () => {
    const { content, replay } = startReplay(`# contexts 2 objects 2 ops 6 peak_live_bytes 16
c 1 0 allocset parent
c 2 1 allocset child
a 1 0 8
a 2 1 8
R 1
f 1
`);
    replay.run(Infinity);
    expect(content).toMatchObject({ checkedObjects: 2, corruptObjects: 0 });
    expect(replay.liveBytes).toBe(0);
  });
});
