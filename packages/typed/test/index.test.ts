import { expect, test } from "vitest";
import { layerName } from "@perfloc/typed";

test("knows its name", () => {
  expect(layerName).toBe("typed");
});
