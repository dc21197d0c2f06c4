/**
 * What a view has in the place of its typed arrays until it points somewhere: an object that throws whatever is read from
 * it or written to it, so that the accessors need no test of their own. Rejected: empty typed arrays, which read as
 * undefined, drop what is written, and slow the accessors of all structs down for good once that has happened.
 *
 * Views inherit it, and get arrays of their own when they first point somewhere: V8 takes a property that is set once for a
 * constant, and a struct update through a constant array takes 1.8 ns, through another 2.8.
 */
import { NullReferenceError } from "../errors.js";
import { type MemoryArrays, arrayNames } from "./memory.js";

/** Gives what inherits from `prototype` the arrays of nowhere. Assigning to them makes properties of its own. */
export function beginNowhere(prototype: object, name: string): void {
  for (const [key, value] of Object.entries(nowhereArrays(name)))
    Object.defineProperty(prototype, key, { value, configurable: true, writable: true });
}

function nowhereArrays(name: string): MemoryArrays {
  const refuse = (): never => {
    throw new NullReferenceError(
      `holds no ${name}: the cursor points nowhere yet`,
      "Point it with $to(address), or pass an address to cursor().",
    );
  };
  // No memory is read through symbols: test runners and consoles use them to find out what kind of object this is.
  const refuseNames = (_: object, key: string | symbol): undefined =>
    typeof key === "symbol" ? undefined : refuse();
  const nowhere: any = new Proxy({}, { get: refuseNames, set: refuse });
  const entries = arrayNames.map((array) => [`$${array}`, nowhere]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one entry for each array
  return Object.fromEntries(entries) as MemoryArrays;
}
