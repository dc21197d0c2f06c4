/** A run of bytes of one meaning, in a process chunk or in a plane, to be flipped bit by bit. */
import type { Address } from "@perfloc/typed";

export interface FlipTarget {
  /** The array that it is seen through. */
  readonly bytes: Uint8Array;
  /** Index of its first byte there. */
  readonly offset: number;
  readonly byteLength: number;
  /** The context that `verify` is to name. */
  readonly contextName: string;
  /** What lies there begins at this address; `verify` is to name it, where it can tell. */
  readonly address: Address;
}
