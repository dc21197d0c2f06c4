/** C57: `heap.verify()` finds every flipped bit of what keeps a heap together. */
import type { CheckLevel } from "@perfloc/typed";
import { expect, test } from "vitest";
import { runFlipCampaign } from "../src/byte-flips/flip-campaign.js";

test.each<CheckLevel>(["check", "off"])(
  "every checked bit that flips is found, level %s",
  (check) => {
    for (const row of runFlipCampaign(check)) {
      expect(row.flips).toBeGreaterThan(100);
      const { kind, flips } = row;
      const found = row.uncheckedBecause === undefined ? flips : 0;
      const missed = found === flips ? [] : row.missed;
      expect(row).toMatchObject({ kind, detected: found, namedContext: found, missed });
    }
  },
);
