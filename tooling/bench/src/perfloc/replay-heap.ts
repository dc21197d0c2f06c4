/** What a replay calls: of a heap and its contexts, of a recorder that stands before them, or of a stub. */
import type { Heap } from "@perfloc/context";

export interface ReplayHeap {
  readonly arena: Pick<Heap["arena"], "chunkAt">;
  open(name: string): ReplayContext;
}

export interface ReplayContext {
  readonly isDropped: boolean;
  alloc(byteLength: number): number;
  free(address: number): void;
  realloc(address: number, byteLength: number): number;
  open(name: string): ReplayContext;
  reset(options: { readonly children: "keep" }): void;
  setParent(parent: ReplayContext | ReplayHeap): void;
  drop(): void;
}
