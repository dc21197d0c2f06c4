/** Loops over structs, maps and growing arrays: all sides do the same work, every pass anew. */
import { Heap } from "@perfloc/typed";
import { expect, test } from "vitest";
import { makeFilledArray, makeFixedVec, makePushedArray } from "../src/peers/array-push.js";
import { makeMapOfJavaScript } from "../src/peers/map-entries.js";
import { makeMemiumStructs, makeStructuraeViews } from "../src/peers/particle-views.js";
import {
  makeParticleArray,
  makeParticleColumns,
  makeParticleObjects,
} from "../src/peers/particles.js";
import { makeMapEntries } from "../src/perfloc/map-entries.js";
import { particleWays } from "../src/perfloc/particles.js";
import type { Work } from "../src/perfloc/passes.js";
import { makeVecPush } from "../src/perfloc/vec-push.js";

function checksumOf(work: Work): number {
  const pass = (): number => {
    const checksum = work.run() + (work.readBack?.() ?? 0);
    work.cleanUp();
    return checksum;
  };
  const checksum = pass();
  expect(pass()).toBe(checksum);
  return checksum;
}

test("particles end where they do in a typed array, whatever they are made of", () => {
  const expected = checksumOf(makeParticleArray());
  const makers = [makeParticleColumns, makeParticleObjects, makeMemiumStructs, makeStructuraeViews];
  for (const make of makers) expect([make.name, checksumOf(make())]).toEqual([make.name, expected]);
  for (const [way, make] of Object.entries(particleWays))
    expect([way, checksumOf(make(new Heap()))]).toEqual([way, expected]);
});

test.each(["u32", "string"] as const)("both maps find the same values (%s)", (keys) => {
  const expected = checksumOf(makeMapOfJavaScript("get", keys));
  expect(checksumOf(makeMapEntries(new Heap(), "get", keys))).toBe(expected);
  expect(checksumOf(makeMapEntries(new Heap(), "insert", keys))).toBe(0);
});

test("numbers that were pushed are there", () => {
  const expected = checksumOf(makeFilledArray());
  for (const work of [makeFixedVec(), makePushedArray()]) expect(checksumOf(work)).toBe(expected);
  for (const isNew of [true, false])
    expect(checksumOf(makeVecPush(new Heap(), isNew))).toBe(expected);
});
