/** How many numbers the `vec-push` rows append. */
export const PUSHES = 1_000_000;
