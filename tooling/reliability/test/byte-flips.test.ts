/**
 * C57: `heap.verify()` finds every flipped bit of what keeps a heap together. C63, C64, C68: of canaries, of what is in quarantine, and on
 * `debug` of what a reset left.
 */
import type { CheckLevel } from "@perfloc/typed";
import { expect, test } from "vitest";
import { runFlipCampaign } from "../src/byte-flips/flip-campaign.js";

/** Four words of a header, three kinds of cells, four of page records, records; canary and quarantine; on `debug` what a reset left. */
const CHECKED_KINDS: Readonly<Record<CheckLevel, number>> = {
  check: 12,
  off: 12,
  debug: 15,
  sample: 14,
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
      const { kind, flips, missed, isPartlyFound, namesContext } = row;
      if (isPartlyFound) continue;
      const detected = row.uncheckedBecause === undefined ? flips : 0;
      expect(row).toMatchObject({ kind, detected, missed: detected === flips ? [] : missed });
      if (namesContext) expect(row).toMatchObject({ kind, namedContext: detected });
    }
  },
);
