import { expect, test } from "vitest";
import { typescriptFiles } from "../src/layers.ts";
import { linesBesideComments } from "../src/source-text.ts";

/** Lines of a file that are not comments. A longer file holds more than one idea. */
const MAX_LINES = 300;

const checkedLayers = ["arena", "context", "typed"] as const;

const longFiles = checkedLayers.flatMap((layer) =>
  typescriptFiles(layer, "src")
    .filter(({ text }) => linesBesideComments(text) > MAX_LINES)
    .map(({ path }) => `${layer}/${path}`),
);

test(`no file of ${checkedLayers.join(", ")} has more than ${MAX_LINES} lines beside comments`, () => {
  expect(longFiles).toEqual([]);
});
