import { expect, test } from "vitest";
import { layerName } from "@perfloc/trim";

test("knows its name", () => {
  expect(layerName).toBe("trim");
});
