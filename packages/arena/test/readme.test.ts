import { Arena } from "@perfloc/arena";
import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The first ```ts block of the README, without its import. */
function exampleLines(): string[] {
  const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  return block.split("\n").filter((line) => line !== "" && !line.startsWith("import "));
}

/** The default that the table of the README states for an option. */
function stated(option: string): string | undefined {
  return new RegExp(String.raw`\`${option}\`\s*\|\s*(\d+ [KM]iB)`).exec(readme)?.[1];
}

afterEach(() => void vi.restoreAllMocks());

test("A14 A24 the example of the README runs, and leaves nothing held", async () => {
  const printed: unknown[] = [];
  vi.spyOn(console, "log").mockImplementation((line) => void printed.push(line));
  const lines = exampleLines();
  expect(lines.length).toBeGreaterThan(8);
  // As a module of its own, with the Arena handed in: it is JavaScript as it stands.
  const source = `export function run(Arena, console) {\n${lines.join("\n")}\nreturn arena;\n}`;
  const example = (await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`
  )) as {
    run(kind: typeof Arena, log: Console): Arena;
  };
  const arena = example.run(Arena, console);
  expect(printed).toHaveLength(1);
  expect(printed[0]).toContain("16.0 KiB used in 1 span");
  expect(arena.stats()).toMatchObject({ heldBytes: 0, peakUsedBytes: 16_384, chunksReleased: 1 });
});

test("A28 the defaults that the README states", () => {
  using arena = new Arena();
  arena.reserve(1);
  expect(arena.chunks[0]?.byteLength).toBe(32 * 1024);
  expect(stated("initialChunkBytes")).toBe("32 KiB");
  expect(stated("maxChunkBytes")).toBe("32 MiB");
});
