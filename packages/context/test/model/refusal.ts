/** A call that must be refused: with which error. */
import { PerflocError } from "@perfloc/context";
import { fail } from "./fail.js";

/** What a refused call threw; fails the test when it threw nothing, or nothing of Perfloc's. */
export function refusalOf(call: () => unknown, what: string): PerflocError {
  let answer: unknown;
  try {
    answer = call();
  } catch (error) {
    if (error instanceof PerflocError) return error;
    throw error;
  }
  return fail(`${what} was not refused but answered ${String(answer)}`);
}

/** Makes the call and fails the test unless it is refused with one of the codes. */
export function checkRefused(call: () => unknown, what: string, ...codes: readonly string[]): void {
  const refusal = refusalOf(call, what);
  if (!codes.includes(refusal.code)) {
    fail(
      `${what} was refused with ${refusal.code} (${refusal.message}), not ${codes.join(" or ")}`,
    );
  }
}
