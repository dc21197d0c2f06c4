/** A million numbers are appended to a Vec of Perfloc: to a new one, or to one that was cleared. */
import { type Heap, Vec, f64 } from "@perfloc/typed";
import { PUSHES } from "../push-shape.js";
import type { Work } from "./passes.js";

export function makeVecPush(heap: Heap, isNew: boolean): Work {
  const context = heap.open("vecs");
  const count = PUSHES;
  let numbers = new Vec(context, f64);
  return {
    operations: count,
    runsPerPass: 1,
    run() {
      for (let index = 0; index < count; index++) numbers.push(index + 0.5);
      return numbers.length;
    },
    readBack: () => numbers.at(count - 1),
    cleanUp() {
      if (!isNew) {
        numbers.clear();
        return;
      }
      numbers.drop();
      numbers = new Vec(context, f64);
    },
  };
}
