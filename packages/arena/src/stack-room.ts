/**
 * A look ahead at the stack, before a call that writes several facts one after the other. Where the stack is about to overflow it does
 * so in here, with the engine's own RangeError and nothing half done.
 *
 * Once optimized, a call looks for the stack of all that is inlined into it when it begins; but before that each of its calls may be
 * the one that overflows.
 */

/** The calls of one operation, interpreted, take up to 1.5 KiB: of an operation that every scope makes. 3 ns. */
export function requireStack(): void {
  // Never so. The engine makes room for the words of a call when the function begins, whether it will be made or not: 2 KiB.
  if (isNever) {
    // oxfmt-ignore
    hold(
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    );
  }
}

/** 64 KiB: also for functions that the engine has yet to compile, and for a source. Some 5 µs: before memory comes from a source. */
export function requireDeepStack(): void {
  hold.apply(undefined, MANY);
}

/** Not a constant to minifiers, which would leave the call out. */
const isNever: boolean = Date.now() < 0;

const MANY: number[] = Array.from({ length: 8192 }, () => 0);

function hold(..._words: readonly number[]): void {
  // The words are on the stack, that is all.
}
