/** Ends a test with a message. Plain errors instead of `expect`: it is asked millions of times. */
export function fail(message: string): never {
  throw new Error(message);
}

/** @throws Error when the two differ */
export function checkSame(actual: unknown, expected: unknown, what: string): void {
  if (!Object.is(actual, expected))
    fail(`${what}: expected ${String(expected)}, got ${String(actual)}`);
}
