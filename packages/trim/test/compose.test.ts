/** Which of several decisions about a chunk wins. */
import { type TrimDecision, allOf, anyOf, keepAll, makeFacts } from "@perfloc/trim";
import { expect, test } from "vitest";
import { goes, says, stays, waits } from "./support/says.js";

const empty = { chunkIndex: 0, base: 0, byteLength: 8192, usedBytes: 0, spansCut: 1, epoch: 0 };
const facts = makeFacts(0, [empty], "test", true);

/** What becomes of decisions; each stands in for a policy of its own. */
function merged(compose: typeof allOf, decisions: readonly TrimDecision[]): unknown {
  return compose(...decisions.map((decision) => says(decision))).decide(facts, [])[0];
}

const soonest: readonly (readonly [string, TrimDecision, TrimDecision])[] = [
  ["at once before later", goes("winner"), waits("other", 10)],
  ["at once before never", goes("winner"), stays("other")],
  ["at once before a look", goes("winner"), stays("other", 5)],
  ["soon before later", waits("winner", 10), waits("other", 20)],
  ["late before never", waits("winner", 1e9), stays("other")],
  ["late before a soon look", waits("winner", 1e9), stays("other", 5)],
  ["a look before a wait that never ends", stays("winner", 5), waits("other")],
  ["a soon look before a late one", stays("winner", 5), stays("other", 10)],
  ["a look before none", stays("winner", 5), stays("other")],
];

test.each(soonest)("T24 anyOf, whatever the order: %s", (_, winner, other) => {
  expect(merged(anyOf, [winner, other])).toEqual(winner);
  expect(merged(anyOf, [other, winner])).toEqual(winner);
  expect(merged(anyOf, [other, winner, other])).toEqual(winner);
});

const latest: readonly (readonly [string, TrimDecision, TrimDecision])[] = [
  ["later after at once", waits("winner", 10), goes("other")],
  ["never after at once", stays("winner"), goes("other")],
  ["late after soon", waits("winner", 20), waits("other", 10)],
  ["never after late", stays("winner"), waits("other", 1e9)],
  ["never after late, though it is looked at before", stays("winner", 5), waits("other", 1e9)],
  ["one that keeps, not a wait that never ends", stays("winner"), waits("other")],
  ["of two that keep the one that looks sooner", stays("winner", 5), stays("other", 10)],
  ["of two that keep the one that looks at all", stays("winner", 5), stays("other")],
];

test.each(latest)("T24 allOf, whatever the order: %s", (_, winner, other) => {
  expect(merged(allOf, [winner, other])).toEqual(winner);
  expect(merged(allOf, [other, winner])).toEqual(winner);
  expect(merged(allOf, [other, winner, other])).toEqual(winner);
});

const ties: readonly (readonly [string, (reason: string) => TrimDecision])[] = [
  ["that go", (reason) => goes(reason)],
  ["that wait", (reason) => waits(reason, 10)],
  ["that wait without an end", (reason) => waits(reason)],
  ["that keep", (reason) => stays(reason)],
  ["that keep, and look at one time", (reason) => stays(reason, 10)],
];

test.each(ties)("T24 of two %s the first says why", (_, decide) => {
  for (const compose of [anyOf, allOf])
    expect(merged(compose, [decide("first"), decide("second")])).toEqual(decide("first"));
});

test("T24 a time that a release carries says nothing: of two the first says why", () => {
  for (const compose of [anyOf, allOf])
    expect(merged(compose, [goes("first", 10), goes("second", 5)])).toEqual(goes("first", 10));
});

test("T24 without a hard limit among the parts there is none", () => {
  expect(anyOf(keepAll()).hardLimitBytes).toBeUndefined();
  expect(allOf(keepAll(), keepAll()).hardLimitBytes).toBeUndefined();
});
