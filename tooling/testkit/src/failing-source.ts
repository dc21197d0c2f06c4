/**
 * A buffer source that fails when a test says so, in the shape that `@perfloc/arena` asks for. It imports nothing of the
 * packages, so that each of them can test with it.
 *
 * It also keeps the books: which buffers are out, so that a test can state that nothing was lost.
 */
export class FailingSource {
  readonly capabilities: {
    readonly name: string;
    readonly canRelease: boolean;
    readonly isShared: boolean;
    readonly maxByteLength: number;
  } = {
    name: "FailingSource",
    canRelease: true,
    isShared: false,
    maxByteLength: 2 ** 31 - 2 ** 21,
  };
  /** How often memory was asked for. */
  acquireCount = 0;
  /** Buffers that are out now. */
  readonly live: Set<ArrayBufferLike> = new Set();
  /** While true, `release` throws and the buffer stays out. */
  refusesRelease = false;
  readonly #failAt: number;
  readonly #isPersistent: boolean;
  #isHealed = false;

  /** Fails at the `failAt`-th request, counting from 1, and when `isPersistent` at all later ones too; 0 never fails. */
  constructor(failAt = 0, isPersistent = false) {
    this.#failAt = failAt;
    this.#isPersistent = isPersistent;
  }

  acquire(byteLength: number): { buffer: ArrayBufferLike; byteOffset: number } {
    this.acquireCount++;
    const isDue = this.#isPersistent
      ? this.acquireCount >= this.#failAt
      : this.acquireCount === this.#failAt;
    if (this.#failAt > 0 && isDue && !this.#isHealed) throw new InjectedFailure(this.acquireCount);
    const buffer = new ArrayBuffer(byteLength);
    this.live.add(buffer);
    return { buffer, byteOffset: 0 };
  }

  /** From now on every request is met. */
  heal(): void {
    this.#isHealed = true;
  }

  release(range: { readonly buffer: ArrayBufferLike }): void {
    if (this.refusesRelease) throw new Error("release was refused on purpose");
    if (!this.live.delete(range.buffer)) throw new Error("a buffer was released that was not out");
  }
}

/** What `FailingSource` throws: the cause that a test looks for. */
export class InjectedFailure extends Error {
  readonly request: number;

  constructor(request: number) {
    super(`request ${request} was made to fail on purpose`);
    this.name = "InjectedFailure";
    this.request = request;
  }
}
