import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Heap, type HeapEvents } from "@perfloc/context";
import { publishDiagnostics } from "@perfloc/context/diagnostics";
import { expect, test, vi } from "vitest";
import { publishDiagnostics as publishElsewhere } from "../src/diagnostics-elsewhere.js";

test("C78 the events of a heap are published on channels of node, until stopped", () => {
  using heap = new Heap();
  const names: string[] = [];
  function listen(message: unknown, channel: string | symbol): void {
    const { context } = message as HeapEvents["context-opened"];
    names.push(`${String(channel)} ${context.name}`);
  }
  subscribe("perfloc:context-opened", listen);
  subscribe("perfloc:context-dropped", listen);
  const stop = publishDiagnostics(heap);
  heap.open("a").drop();
  stop();
  heap.open("b").drop();
  unsubscribe("perfloc:context-opened", listen);
  unsubscribe("perfloc:context-dropped", listen);
  expect(names).toEqual(["perfloc:context-opened a", "perfloc:context-dropped a"]);
});

// Channels are Node's.
test.runIf("listeners" in process)("C78 every event has a channel", () => {
  const asked: string[] = [];
  const source = {
    on(event: string): () => void {
      asked.push(event);
      return () => {};
    },
  };
  publishDiagnostics(source)();
  expect(asked.toSorted()).toEqual([
    "chunk-released",
    "chunk-reserved",
    "context-dropped",
    "context-forwarded",
    "context-opened",
    "context-reset",
    "misuse",
    "out-of-memory",
  ]);
});

test("C78 a host without channels of node gets nothing, and may stop it all the same", () => {
  using heap = new Heap();
  for (const process of [undefined, {}, { getBuiltinModule: () => undefined }]) {
    vi.stubGlobal("process", process);
    try {
      publishDiagnostics(heap)();
    } finally {
      vi.unstubAllGlobals();
    }
  }
  heap.open("a").drop();
  expect(heap.stats().contexts).toBe(0);
});

test("C78 elsewhere the bridge does nothing", () => {
  using heap = new Heap();
  const stop = publishElsewhere(heap);
  heap.open("a").drop();
  stop();
  expect(heap.stats().contexts).toBe(0);
});
