/** Both versions of each program do the same work, every pass anew. */
import { expect, test } from "vitest";
import { plainPrograms } from "../src/peers/plain-programs.js";
import type { Work } from "../src/perfloc/passes.js";
import { programs } from "../src/perfloc/programs.js";
import type { ProgramPart } from "../src/program-rows.js";

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

test.each(Object.keys(programs) as ProgramPart[])("%s", (part) => {
  const [withStructs, plain] = [programs[part](), plainPrograms[part]()];
  const checksum = checksumOf(withStructs);
  expect(checksum).toBe(checksumOf(plain));
  expect(checksum).toBeGreaterThan(0);
  expect(checksum).toBeLessThan(Infinity);
  expect(withStructs.operations).toBe(plain.operations);
});
