import { type ContextStats, Heap, type HeapEvents, InvalidOptionError } from "@perfloc/context";
import { describe, expect, it } from "vitest";
import { allocMany, checkSound, checkThrows, poke, thrownBy } from "./support/fixtures.js";

const NAMES: readonly (keyof HeapEvents)[] = [
  "chunk-reserved",
  "chunk-released",
  "context-opened",
  "context-forwarded",
  "context-reset",
  "context-dropped",
  "out-of-memory",
  "misuse",
];

/** Writes down what a heap tells: the event, and what it is about. */
function record(heap: Heap): { readonly told: string[]; readonly stop: () => void } {
  const told: string[] = [];
  const stops = [
    heap.on("chunk-reserved", ({ chunk, byteLength }) => {
      told.push(`reserved ${chunk.index} ${byteLength}`);
    }),
    heap.on("chunk-released", ({ chunk, byteLength }) => {
      told.push(`released ${chunk.index} ${byteLength}`);
    }),
    heap.on("context-opened", ({ context }) => void told.push(`opened ${context.name}`)),
    heap.on("context-forwarded", ({ context, byteLength }) => {
      told.push(`forwarded ${context.name} ${byteLength}`);
    }),
    heap.on("context-reset", ({ context }) => void told.push(`reset ${context.name}`)),
    heap.on("context-dropped", ({ context }) => void told.push(`dropped ${context.name}`)),
    heap.on("out-of-memory", ({ context, error }) => {
      told.push(`${error.code} ${context.name}`);
    }),
    heap.on("misuse", ({ error }) => void told.push(error.code)),
  ];
  return { told, stop: () => stops.forEach((stop) => stop()) };
}

/** A program; answers what it saw. */
function run(listens: boolean): { addresses: number[]; stats: readonly ContextStats[] } {
  using heap = new Heap();
  if (listens) for (const name of NAMES) heap.on(name, () => {});
  const context = heap.open("a");
  const addresses: number[] = [];
  for (let round = 0; round < 5; round++) {
    const child = context.open("child");
    addresses.push(...allocMany(child, 100, 60 * round), ...allocMany(context, 50, 500));
    if (round % 2 === 0) child.drop();
    if (round === 3) context.reset();
  }
  return { addresses, stats: heap.stats().children };
}

describe("events", () => {
  it("C76 tell what happens, in order", () => {
    using heap = new Heap({ initialChunkBytes: 32_768 });
    const { told, stop } = record(heap);
    const top = heap.open("top");
    const child = top.open("child");
    allocMany(child, 5, 1000);
    top.reset({ children: "keep" });
    top.reset();
    top.setLimit(8192);
    top.tryAlloc(20_000);
    expect(() => top.alloc(20_000)).toThrow(/exceeds the limit/);
    expect(() => top.free(8)).toThrow(/no live object/);
    expect(() => child.alloc(8)).toThrow(/was dropped/);
    const address = top.alloc(8);
    top.free(address);
    expect(() => top.free(address)).toThrow(/already freed/);
    top.drop();
    heap.arena.releaseChunk(0);
    expect(told).toEqual([
      "opened top",
      "opened child",
      "reserved 0 32768",
      "forwarded child 8192",
      "reset top",
      "dropped child",
      "reset top",
      "PERFLOC_CONTEXT_LIMIT top",
      "PERFLOC_CONTEXT_LIMIT top",
      "PERFLOC_CONTEXT_INVALID_ADDRESS",
      "PERFLOC_CONTEXT_DROPPED",
      "PERFLOC_CONTEXT_DOUBLE_FREE",
      "dropped top",
      "released 0 32768",
    ]);
    stop();
    stop();
    const { length } = told;
    heap.open("quiet").reset();
    expect(() => top.alloc(8)).toThrow(/was dropped/);
    expect(told).toHaveLength(length);
  });

  it("C76 a finding of the guards is a misuse", () => {
    const heap = new Heap({ check: "debug" });
    const { told } = record(heap);
    const context = heap.open("a");
    poke(heap, context.alloc(8) + 8, 0);
    const freed = context.alloc(8);
    context.free(freed);
    expect(() => context.free(freed)).toThrow(/already freed/);
    expect(() => context.drop()).toThrow(/overrun/);
    expect(told.filter((line) => line.startsWith("PERFLOC"))).toEqual([
      "PERFLOC_CONTEXT_DOUBLE_FREE",
      "PERFLOC_CONTEXT_OVERRUN",
    ]);
    heap.dispose();
  });

  // Only Node can be asked for what nobody caught.
  it.runIf("listeners" in process)(
    "C77 what a listener throws reaches neither the call nor the other listeners, but the program",
    async () => {
      using heap = new Heap();
      let calls = 0;
      heap.on("context-opened", () => {
        throw new Error("a listener's own");
      });
      heap.on("context-opened", () => void calls++);
      const uncaught = new Promise<unknown>((resolve) => {
        const others = process.listeners("uncaughtException");
        process.removeAllListeners("uncaughtException");
        process.once("uncaughtException", (error) => {
          for (const other of others) process.on("uncaughtException", other);
          resolve(error);
        });
      });
      const context = heap.open("a");
      context.alloc(8);
      expect(calls).toBe(1);
      checkSound(heap);
      expect(String(await uncaught)).toContain("a listener's own");
    },
  );

  it("C77 listeners change nothing: same addresses, same figures", () => {
    expect(run(true)).toEqual(run(false));
  });

  it("C77 unknown events, and what is no function, are refused", () => {
    using heap = new Heap();
    const code = "PERFLOC_CONTEXT_INVALID_OPTION";
    const unknown = "explosion" as "misuse";
    checkThrows(() => heap.on(unknown, () => {}), InvalidOptionError, code);
    const nothing = undefined as unknown as () => void;
    checkThrows(() => heap.on("misuse", nothing), InvalidOptionError, code);
  });

  it("C55 the event of an allocation that failed carries the tree of contexts", () => {
    using heap = new Heap();
    const reports: string[] = [];
    heap.on("out-of-memory", ({ error }) => void reports.push(error.report));
    const context = heap.open("greedy");
    context.setLimit(4096);
    expect(thrownBy(() => context.alloc(10_000))).toMatchObject({ report: reports[0] });
    expect(reports[0]).toContain("greedy (allocset)");
  });
});
