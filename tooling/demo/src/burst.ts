/**
 * Heavy traffic, made up: requests of six kinds, each in a context of its own with objects of its kind's sizes. Requests
 * stay open until the burst ends, as those of a server that waits for its clients do.
 */
import type { Heap, MemoryContext } from "@perfloc/context";
import { randomFrom } from "@perfloc-tooling/testkit";
import type { ContentCheck } from "./content-check.js";

interface RequestKind {
  readonly name: string;
  readonly minObjectBytes: number;
  readonly maxObjectBytes: number;
}

const KIB = 1024;

/** From many small objects to few large ones; sizes are drawn so that every doubling is equally likely. */
const REQUEST_KINDS: readonly RequestKind[] = [
  { name: "parse", minObjectBytes: 16, maxObjectBytes: KIB },
  { name: "hash join", minObjectBytes: 64, maxObjectBytes: 4 * KIB },
  { name: "import", minObjectBytes: 256, maxObjectBytes: 16 * KIB },
  { name: "report", minObjectBytes: KIB, maxObjectBytes: 64 * KIB },
  { name: "sort", minObjectBytes: 4 * KIB, maxObjectBytes: 256 * KIB },
  { name: "image", minObjectBytes: 128 * KIB, maxObjectBytes: 768 * KIB },
];

/** What one request takes before the next of its kind begins, at least and at most. */
const MIN_REQUEST_BYTES = 2048 * KIB;
const MAX_REQUEST_BYTES = 6144 * KIB;

/** The same traffic in every run. */
const SEED = 20_061;

interface Request {
  readonly kind: RequestKind;
  readonly context: MemoryContext;
  readonly wantedBytes: number;
  liveBytes: number;
  readonly firstId: number;
  readonly addresses: number[];
  readonly byteLengths: number[];
}

export class Burst {
  readonly #heap: Heap;
  readonly #content: ContentCheck;
  readonly #random = randomFrom(SEED);
  /** By kind. */
  readonly #running: Request[] = [];
  /** By kind: bytes allocated so far. */
  readonly #kindBytes: number[] = REQUEST_KINDS.map(() => 0);
  readonly #open: Request[] = [];
  #nextId: number;
  #objectCount = 0;
  #requestCount = 0;
  #liveBytes = 0;

  /** @param firstId - ids below it belong to other objects */
  constructor(heap: Heap, content: ContentCheck, firstId: number) {
    this.#heap = heap;
    this.#content = content;
    this.#nextId = firstId;
    for (const kind of REQUEST_KINDS) this.#running.push(this.#begin(kind));
  }

  get liveBytes(): number {
    return this.#liveBytes;
  }

  /** Objects allocated so far. */
  get objectCount(): number {
    return this.#objectCount;
  }

  /** Requests begun so far. */
  get requestCount(): number {
    return this.#requestCount;
  }

  get hasOpenRequests(): boolean {
    return this.#open.length > 0;
  }

  /** Allocates and fills at least `byteLength` bytes, in the requests that are running. */
  grow(byteLength: number): void {
    const end = this.#liveBytes + byteLength;
    while (this.#liveBytes < end) {
      // The kind that has least so far, so that all of them grow at the same rate.
      const kind = this.#kindBytes.indexOf(Math.min(...this.#kindBytes));
      const request = this.#running[kind]!;
      this.#kindBytes[kind]! += this.#allocIn(request);
      if (request.liveBytes >= request.wantedBytes) this.#running[kind] = this.#begin(request.kind);
    }
  }

  /** Checks what the oldest request allocated, and drops it. */
  dropOldest(): void {
    const request = this.#open.shift();
    if (request === undefined) return;
    const { addresses, byteLengths, firstId } = request;
    for (let object = 0; object < addresses.length; object++) {
      this.#content.check(addresses[object]!, byteLengths[object]!, firstId + object);
    }
    request.context.drop();
    this.#liveBytes -= request.liveBytes;
  }

  #begin(kind: RequestKind): Request {
    const request: Request = {
      kind,
      context: this.#heap.open(kind.name),
      wantedBytes: MIN_REQUEST_BYTES + this.#random() * (MAX_REQUEST_BYTES - MIN_REQUEST_BYTES),
      liveBytes: 0,
      firstId: this.#nextId,
      addresses: [],
      byteLengths: [],
    };
    // As many ids as it can have objects; they need not be used up.
    this.#nextId += MAX_REQUEST_BYTES;
    this.#requestCount++;
    this.#open.push(request);
    return request;
  }

  /** @returns bytes allocated */
  #allocIn(request: Request): number {
    const byteLength = this.#drawByteLength(request.kind);
    const address = request.context.alloc(byteLength);
    this.#content.fill(address, byteLength, request.firstId + request.addresses.length);
    request.addresses.push(address);
    request.byteLengths.push(byteLength);
    request.liveBytes += byteLength;
    this.#liveBytes += byteLength;
    this.#objectCount++;
    return byteLength;
  }

  #drawByteLength({ minObjectBytes, maxObjectBytes }: RequestKind): number {
    return Math.round(minObjectBytes * (maxObjectBytes / minObjectBytes) ** this.#random());
  }
}
