/** Numbers appended without Perfloc: to a typed array that is large enough, or to an array that grows. */
import type { Work } from "../perfloc/passes.js";
import { PUSHES } from "../push-shape.js";

/** The typed array and its length in an object, as programs have them that append from several places. */
class FixedVec {
  readonly numbers = new Float64Array(PUSHES);
  length = 0;

  push(value: number): void {
    this.numbers[this.length++] = value;
  }
}

export function makeFixedVec(): Work {
  const vec = new FixedVec();
  const count = PUSHES;
  return {
    operations: count,
    runsPerPass: 1,
    run() {
      for (let index = 0; index < count; index++) vec.push(index + 0.5);
      return vec.length;
    },
    readBack: () => vec.numbers[count - 1]!,
    cleanUp() {
      vec.length = 0;
    },
  };
}

/** The least that can be: a constant array, filled in one loop by its counter. */
export function makeFilledArray(): Work {
  const numbers = new Float64Array(PUSHES);
  const count = PUSHES;
  return {
    operations: count,
    runsPerPass: 1,
    run() {
      let length = 0;
      for (let index = 0; index < count; index++) numbers[length++] = index + 0.5;
      return length;
    },
    readBack: () => numbers[count - 1]!,
    cleanUp() {},
  };
}

export function makePushedArray(): Work {
  let numbers: number[] = [];
  const count = PUSHES;
  return {
    operations: count,
    runsPerPass: 1,
    run() {
      for (let index = 0; index < count; index++) numbers.push(index + 0.5);
      return numbers.length;
    },
    readBack: () => numbers[count - 1]!,
    cleanUp() {
      numbers = [];
    },
  };
}
