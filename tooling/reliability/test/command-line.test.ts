import { expect, test } from "vitest";
import { CAMPAIGNS, parseCommand, UsageError } from "../src/command-line.js";

test("without words all campaigns are run", () => {
  expect(parseCommand([])).toEqual({ isHelp: false, campaigns: CAMPAIGNS });
  expect(parseCommand(["--"])).toEqual({ isHelp: false, campaigns: CAMPAIGNS });
});

test("words name the campaigns, in their order", () => {
  const { campaigns } = parseCommand(["byte-flips", "out-of-memory"]);
  expect(campaigns).toEqual(["byte-flips", "out-of-memory"]);
  expect(parseCommand(["-h"]).isHelp).toBe(true);
});

test.each([["bits"], ["--fast"], ["byte-flips", "-x"]])("%s makes no sense", (...words) => {
  expect(() => parseCommand(words)).toThrow(UsageError);
});
