import { expect, test } from "vitest";
import { typescriptFiles } from "../src/layers.ts";
import { linesBesideComments } from "../src/source-text.ts";

/** Lines of a file that are not comments. A longer file holds more than one idea. */
const MAX_LINES = 300;

const checkedLayers = ["arena", "context"] as const;

/** Files that are still longer. A file leaves the list when it is short enough; none joins it. */
const exempt: readonly string[] = [
  "context/src/memory-context.ts",
  "context/src/slots/slot-context.ts",
];

const longFiles = checkedLayers.flatMap((layer) =>
  typescriptFiles(layer, "src")
    .filter(({ text }) => linesBesideComments(text) > MAX_LINES)
    .map(({ path }) => `${layer}/${path}`),
);

test(`no file of ${checkedLayers.join(" and ")} has more than ${MAX_LINES} lines beside comments (exempt for now: ${exempt.join(", ")})`, () => {
  expect(longFiles.filter((path) => !exempt.includes(path))).toEqual([]);
});

test.each(exempt)("%s is exempt because it is still longer", (path) => {
  expect(longFiles, "take the file off the list").toContain(path);
});
