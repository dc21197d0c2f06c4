/** An object is alive while its context's epoch is the one it was born in; 0 is never an epoch. */
const FIRST_EPOCH = 1;

/**
 * What is open and alive at one point of a context trace: the model against which the parser checks
 * each operation. A reset or drop kills any number of objects by raising the context's epoch, so
 * that checking costs the same for a context of one object and of a million.
 *
 * The methods assume checked arguments: an open context, a live object.
 */
export class LiveContexts {
  liveBytes = 0;
  peakLiveBytes = 0;

  // The tree, by context id; 0 is the root and also means "none".
  readonly #parent: Int32Array;
  readonly #firstChild: Int32Array;
  readonly #nextSibling: Int32Array;
  readonly #previousSibling: Int32Array;
  // By context id. Epoch 0: never declared. Dropped contexts keep their last epoch, negated.
  readonly #epoch: Int32Array;
  readonly #contextBytes: Float64Array;
  // By object id.
  readonly #context: Int32Array;
  readonly #birthEpoch: Int32Array;
  readonly #bytes: Int32Array;

  constructor(contextCount: number, objectCount: number) {
    this.#parent = new Int32Array(contextCount + 1);
    this.#firstChild = new Int32Array(contextCount + 1);
    this.#nextSibling = new Int32Array(contextCount + 1);
    this.#previousSibling = new Int32Array(contextCount + 1);
    this.#epoch = new Int32Array(contextCount + 1);
    this.#contextBytes = new Float64Array(contextCount + 1);
    this.#context = new Int32Array(objectCount);
    this.#birthEpoch = new Int32Array(objectCount);
    this.#bytes = new Int32Array(objectCount);
  }

  isDeclared(context: number): boolean {
    return this.#epoch[context] !== 0;
  }

  isOpen(context: number): boolean {
    return (this.#epoch[context] as number) > 0;
  }

  isLive(object: number): boolean {
    const birthEpoch = this.#birthEpoch[object] as number;
    return birthEpoch !== 0 && birthEpoch === this.#epoch[this.#context[object] as number];
  }

  /** True when `context` is `ancestor` or lies below it. */
  isWithin(context: number, ancestor: number): boolean {
    let walk = context;
    while (walk !== 0 && walk !== ancestor) walk = this.#parent[walk] as number;
    return walk === ancestor;
  }

  contextOf(object: number): number {
    return this.#context[object] as number;
  }

  create(context: number, parent: number): void {
    this.#epoch[context] = FIRST_EPOCH;
    this.#link(context, parent);
  }

  reparent(context: number, parent: number): void {
    this.#unlink(context);
    this.#link(context, parent);
  }

  reset(context: number): void {
    this.#epoch[context] = (this.#epoch[context] as number) + 1;
    this.liveBytes -= this.#contextBytes[context] as number;
    this.#contextBytes[context] = 0;
  }

  /** Drops the context and everything below it, without recursion: a trace may nest deeply. */
  drop(context: number): void {
    const end = this.#parent[context] as number;
    let walk = context;
    while (walk !== end) {
      const child = this.#firstChild[walk] as number;
      if (child !== 0) {
        walk = child;
        continue;
      }
      const parent = this.#parent[walk] as number;
      this.reset(walk);
      this.#epoch[walk] = -(this.#epoch[walk] as number);
      this.#unlink(walk);
      walk = parent;
    }
  }

  alloc(context: number, object: number, bytes: number): void {
    this.#context[object] = context;
    this.#birthEpoch[object] = this.#epoch[context] as number;
    this.#bytes[object] = 0;
    this.resize(object, bytes);
  }

  resize(object: number, bytes: number): void {
    const context = this.#context[object] as number;
    const grownBytes = bytes - (this.#bytes[object] as number);
    this.#bytes[object] = bytes;
    this.#contextBytes[context] = (this.#contextBytes[context] as number) + grownBytes;
    this.liveBytes += grownBytes;
    if (this.liveBytes > this.peakLiveBytes) this.peakLiveBytes = this.liveBytes;
  }

  free(object: number): void {
    this.resize(object, 0);
    this.#birthEpoch[object] = 0;
  }

  #link(context: number, parent: number): void {
    const next = this.#firstChild[parent] as number;
    this.#parent[context] = parent;
    this.#nextSibling[context] = next;
    this.#previousSibling[context] = 0;
    if (next !== 0) this.#previousSibling[next] = context;
    this.#firstChild[parent] = context;
  }

  #unlink(context: number): void {
    const next = this.#nextSibling[context] as number;
    const previous = this.#previousSibling[context] as number;
    if (next !== 0) this.#previousSibling[next] = previous;
    if (previous === 0) this.#firstChild[this.#parent[context] as number] = next;
    else this.#nextSibling[previous] = next;
  }
}
