import { readFileSync } from "node:fs";
import { type Address, Heap, type MemoryContext } from "@perfloc/context";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** The README's first example, after its import. */
function example(): void {
  using heap = new Heap();
  const server = heap.open("server");
  for (const name of ["ada", "grace"]) {
    using request = server.open("request", { kind: "bump" });
    const address = request.alloc(name.length);
    new TextEncoder().encodeInto(name, request.bytes(address, name.length));
    console.log(heap.stats().usedBytes); // 4096, both times: the page of the first request serves the second
  } // every object of the request is gone here
}

/** Its second one: numbers at an address. */
function numbers(request: MemoryContext, address: Address): void {
  const chunk = request.arena.chunkAt(address);
  chunk.f64[(address - chunk.base) / 8] = 1.5; // the address is a multiple of 8
  chunk.u32[(address + 8 - chunk.base) / 4] = 7; // 8 bytes further on
}

/** Its third one: limits, callbacks and marks. */
function limits(): void {
  using heap = new Heap();
  const query = heap.open("query");
  query.setLimit(64 * 1024); // for its process chunks and those of the contexts below it
  query.onReset(() => console.log("query ended")); // once, at the next reset or drop
  const plan = query.alloc(100);
  const mark = query.checkpoint();
  let rows = 0;
  while (query.tryAlloc(1000) !== 0) rows++; // 0 where alloc would throw: at the limit
  query.rollback(mark); // the rows are gone, the plan is not
  console.log(rows, query.sizeOf(plan)); // 59 104
  query.reset(); // prints "query ended"
}

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const source = readFileSync(new URL(import.meta.url), "utf8");

/** Lines of code without indentation and comments. */
function codeLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/\/\/.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("import "));
}

function linesInReadme(position: number): string[] {
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)];
  return codeLines(blocks[position]?.[1] ?? "");
}

function linesInTest(name: string): string[] {
  const body = new RegExp(String.raw`function ${name}\(.*\): void \{\n([\s\S]*?)\n\}\n`);
  return codeLines(body.exec(source)?.[1] ?? "");
}

const printed: unknown[][] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, "log").mockImplementation((...values) => void printed.push(values));
});
afterEach(() => void vi.restoreAllMocks());

test("C4 the README's example runs and says what the README says", () => {
  example();
  expect(printed).toEqual([[4096], [4096]]);
});

test("the README's way to write numbers writes them into the object", () => {
  using heap = new Heap();
  const request = heap.open("request");
  request.alloc(40); // so that the object is not the first of its chunk
  const address = request.alloc(16);
  numbers(request, address);
  const view = new DataView(request.bytes(address, 16).slice().buffer);
  expect(view.getFloat64(0, true)).toBe(1.5);
  expect(view.getUint32(8, true)).toBe(7);
});

test("the README's example of limits, callbacks and marks prints what the README says", () => {
  limits();
  expect(printed).toEqual([[59, 112], ["query ended"]]);
});

test.each(["example", "numbers", "limits"])("the README has the code of %s()", (name) => {
  const position = ["example", "numbers", "limits"].indexOf(name);
  expect(linesInTest(name).length).toBeGreaterThan(2);
  expect(linesInReadme(position)).toEqual(linesInTest(name));
});

test("the README's first example is short", () => {
  expect(linesInReadme(0).length).toBeLessThanOrEqual(10);
});
