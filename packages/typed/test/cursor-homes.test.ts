/** What structs, which live as long as the program, keep of the heaps that they were used in. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Heap, type TopChunk, f64, struct } from "@perfloc/typed";
import { expect, test } from "vitest";

const fields = { x: f64, y: f64 };

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** How many of them are not collected, at last: a busy machine takes more turns of the event loop than one that has time. */
async function countLeft(references: readonly WeakRef<object>[], atMost: number): Promise<number> {
  const countHeld = (): number =>
    references.filter((reference) => reference.deref() !== undefined).length;
  for (let turn = 0; turn < 4 || (turn < 400 && countHeld() > atMost); turn++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is for
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    collect();
  }
  return countHeld();
}

/** Makes cursors in a heap of its own. */
function useHeap(Point: ReturnType<typeof struct<typeof fields>>, cursors: number): Heap {
  const heap = new Heap();
  const context = heap.open("request");
  for (let count = 0; count < cursors; count++) {
    const point = Point.cursor(heap, Point.alloc(context, { x: count }));
    point.y = point.x + 1;
    expect([point.x, point.y]).toEqual([count, count + 1]);
  }
  return heap;
}

/** The buffer behind a chunk: what is to be given back. */
function bufferOf({ u8 }: TopChunk): WeakRef<ArrayBufferLike> {
  return new WeakRef(u8.buffer);
}

test.each([3, 200])(
  "V36 of heaps that nobody uses any more a struct keeps one at most (%i cursors in each)",
  async (cursors) => {
    const Point = struct("Point", fields);
    const arenas = Array.from({ length: 6 }, () => new WeakRef(useHeap(Point, cursors).arena));
    expect(await countLeft(arenas, 1)).toBeLessThanOrEqual(1);
  },
);

test("V36 of a heap that was disposed a struct keeps no memory", async () => {
  const Point = struct("Point", fields);
  const buffers: WeakRef<ArrayBufferLike>[] = [];
  for (let count = 0; count < 4; count++) {
    const heap = useHeap(Point, 200);
    buffers.push(...[...heap.arena.chunks].map(bufferOf));
    heap.dispose();
  }
  expect(await countLeft(buffers, 0)).toBe(0);
});

test("V36, V17 cursors of a home that was given up keep their memory", () => {
  const Point = struct("Point", fields);
  const heaps = Array.from({ length: 5 }, () => new Heap());
  const kept = heaps.map((heap, index) => {
    const context = heap.open("request");
    const addresses = Array.from({ length: 300 }, () => Point.alloc(context, { x: index }));
    const cursors = addresses.map((address) => Point.cursor(heap, address));
    return { heap, addresses, cursors };
  });
  for (let round = 0; round < 3; round++) {
    for (const [index, { heap, addresses, cursors }] of kept.entries()) {
      for (const address of addresses) expect(Point.cursor(heap, address).x).toBe(index);
      expect(cursors.map(({ x }) => x)).toEqual(cursors.map(() => index));
      expect(cursors.map(({ $address }) => $address)).toEqual(addresses);
    }
  }
});
