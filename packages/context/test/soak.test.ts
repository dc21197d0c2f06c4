/** C90: the soak itself, which runs by `pnpm soak`, for as long as one likes. */
import { describe, expect, test } from "vitest";
import { parseCommand, UsageError } from "./soak/command-line.js";
import { programAt, soak } from "./soak/soak.js";

describe("the soak", () => {
  test("C90 makes as many operations as were asked for, program by program", () => {
    const progress = [...soak(7, 0, 45_000)];
    expect(progress.map(({ programs }) => programs)).toEqual([1, 2]);
    expect(progress.at(-1)?.operations).toBe(80_000);
  });

  test("C90 goes on where it stopped: a program is decided by the seed and its number", () => {
    const again = [...soak(7, 2, 1)];
    expect(again).toEqual([{ programs: 3, operations: 2000, title: "marks" }]);
    expect(programAt(7, 2)).toEqual(programAt(7, 2));
    expect(programAt(7, 2).seed).toBe(programAt(8, 1).seed);
  });

  test("C90 every kind of program comes at every check level", () => {
    const programs = Array.from({ length: 64 }, (_, position) => programAt(0, position));
    const titles = new Set(programs.map(({ title }) => title));
    const pairs = new Set(programs.map(({ title, level }) => `${title} ${level}`));
    const levels = new Set(programs.map(({ level }) => level));
    expect(pairs.size).toBe(titles.size * levels.size);
  });
});

describe("its command line", () => {
  test("C90 has a default for everything", () => {
    const command = { isHelp: false, operations: 100_000_000, seed: 5, from: 0 };
    expect(parseCommand([], 5)).toEqual(command);
    expect(parseCommand(["--"], 5)).toEqual(command);
  });

  test("C90 reads numbers", () => {
    const words = ["--operations", "2_000_000", "--seed", "3", "--from", "17"];
    const command = { isHelp: false, operations: 2_000_000, seed: 3, from: 17 };
    expect(parseCommand(words, 5)).toEqual(command);
  });

  test.each([["--seed", "-1"], ["--operations", "many"], ["--from", "1.5"], ["--seed", ""], ["x"]])(
    "C90 refuses %s %s",
    (...words) => {
      expect(() => parseCommand(words, 5)).toThrow(UsageError);
    },
  );
});
