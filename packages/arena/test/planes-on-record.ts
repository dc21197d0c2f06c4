import type { BufferRange, BufferSource, PlaneSource } from "@perfloc/arena";
import { FailingSource } from "@perfloc-tooling/testkit";

/** A source of planes that records which ranges are out, and refuses when a test says so. */
export class PlanesOnRecord implements PlaneSource {
  readonly live: Set<BufferRange> = new Set();
  /** Lengths in bytes, in the order of the requests. */
  readonly asked: number[] = [];
  /** Numbers of requests that are refused, counting from 1. */
  refusedRequests: readonly number[] = [];
  /** Longest range that is given. */
  longestBytes = Infinity;
  /** Called at each request, before it is met. */
  onAcquire: () => void = () => undefined;
  /** Called when a range has been taken back. */
  onRelease: () => void = () => undefined;

  acquirePlane(byteLength: number): BufferRange {
    this.asked.push(byteLength);
    const request = this.asked.length;
    if (this.refusedRequests.includes(request)) throw new RangeError(`plane ${request} refused`);
    if (byteLength > this.longestBytes) throw new RangeError("too long for a plane");
    this.onAcquire();
    const range = { buffer: new ArrayBuffer(byteLength), byteOffset: 0 };
    this.live.add(range);
    return range;
  }

  releasePlane(range: BufferRange): void {
    if (!this.live.delete(range)) throw new Error("a plane was released that was not out");
    this.onRelease();
  }
}

/** A source of top chunks on record, with planes on record. */
export class SourceOnRecord extends FailingSource implements BufferSource {
  readonly planes: PlanesOnRecord = new PlanesOnRecord();
}
