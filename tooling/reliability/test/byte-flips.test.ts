/**
 * C57: `heap.verify()` finds every flipped bit of what keeps a heap together. C63, C64, C68: of canaries, of what is in quarantine, and on
 * `debug` of what a reset left.
 */
import type { CheckLevel } from "@perfloc/typed";
import { expect, test } from "vitest";
import { runFlipCampaign } from "../src/byte-flips/flip-campaign.js";

/** Four words of a header, a link and three kinds of marks; canary and quarantine; on `debug` what a reset left. */
const CHECKED_KINDS: Readonly<Record<CheckLevel, number>> = {
  check: 8,
  off: 8,
  debug: 11,
  sample: 10,
};

test.each<CheckLevel>(["check", "off", "debug", "sample"])(
  "every checked bit that flips is found, level %s",
  (check) => {
    const rows = runFlipCampaign(check);
    expect(rows.filter(({ uncheckedBecause }) => uncheckedBecause === undefined)).toHaveLength(
      CHECKED_KINDS[check],
    );
    for (const row of rows) {
      expect(row.flips).toBeGreaterThan(50);
      const { kind, flips } = row;
      const found = row.uncheckedBecause === undefined ? flips : 0;
      const missed = found === flips ? [] : row.missed;
      expect(row).toMatchObject({ kind, detected: found, namedContext: found, missed });
    }
  },
);
