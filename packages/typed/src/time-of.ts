/** What a Date holds, whichever realm it is from, and whatever a program made of its methods. */

/** Throws for what is no Date: the method looks at what an object is, not at its prototype. */
// oxlint-disable-next-line typescript/unbound-method -- it is called with what is asked
const getTime = Date.prototype.getTime;

/** Milliseconds since 1970, NaN for an invalid Date; `undefined` for what is no Date. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it is, is what is asked
    return getTime.call(value as Date);
  } catch {
    return undefined;
  }
}
