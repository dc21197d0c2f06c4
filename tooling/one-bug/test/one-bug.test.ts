import { expect, test } from "vitest";
import { programs } from "../src/programs.js";
import { runProgram } from "../src/run-program.js";
import { LEVELS, makeTable } from "../src/table.js";

test("there are many bugs, each once, and every one is found on some level", () => {
  expect(programs.length).toBeGreaterThanOrEqual(60);
  expect(new Set(programs.map(({ bug }) => bug)).size).toBe(programs.length);
  expect(programs.filter(({ foundOn }) => foundOn.length === 0)).toEqual([]);
  const layers = new Set(programs.map(({ layer }) => layer));
  expect([...layers].toSorted()).toEqual(["arena", "context", "trim", "typed"]);
});

test.each(programs.map((program) => [program.layer, program.bug, program] as const))(
  "%s: %s",
  (_layer, _bug, program) => {
    for (const check of LEVELS) {
      const ending = runProgram(program, check);
      if (program.foundOn.includes(check)) expect([check, ending]).toEqual([check, program.code]);
      else expect([check, ending]).not.toEqual([check, program.code]);
    }
  },
);

test("debug finds all that the lower levels find", () => {
  expect(programs.filter(({ foundOn }) => !foundOn.includes("debug"))).toEqual([]);
});

test("the table has a row a program", () => {
  expect(makeTable().split("\n")).toHaveLength(programs.length + 3);
});
