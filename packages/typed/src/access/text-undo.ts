/**
 * What takes the strings of one write back when a later one finds no room.
 *
 *   write ──► string ──► string ──► no room ──► both are freed, the bytes of the struct are as they were ──► throws
 *
 * A context that frees gives each string back; in a bump context a mark does. Rejected: a mark in every context. While one
 * lives, freed slots are not reused, and its commit walks the free lists. Rejected: one object for all strings of a write, which
 * no slab would hold.
 */
import type { Address, ContextMark, MemoryContext } from "@perfloc/trim";
import type { Memory } from "./memory.js";

/** A write that notes what it stores. */
export type NotedWrite = (
  memory: Memory,
  offset: number,
  value: any,
  undo: TextUndo | undefined,
) => void;

export class TextUndo {
  readonly #addresses: Address[] = [];
  #context: MemoryContext | undefined = undefined;
  #mark: ContextMark | undefined = undefined;

  /** To be called before the first allocation. All are made in the same context: that of the struct. */
  begin(context: MemoryContext): void {
    if (this.#context !== undefined) return;
    if (context.kind === "bump") this.#mark = context.checkpoint();
    this.#context = context;
  }

  /** An object was allocated. */
  note(address: Address): void {
    this.#addresses.push(address);
  }

  /** All is well: what was allocated stays. */
  keep(): void {
    if (this.#mark !== undefined) this.#context!.commit(this.#mark);
  }

  /** Gives back what was allocated, the newest first. */
  undo(): void {
    if (this.#mark !== undefined) this.#context!.rollback(this.#mark);
    else for (const address of this.#addresses.toReversed()) this.#context!.free(address);
  }
}

/** Writes into `byteLength` bytes, which are as they were, with no string stored, when that throws. */
export function writeOrUndo(
  { $u8 }: Pick<Memory, "$u8">,
  offset: number,
  byteLength: number,
  write: (undo: TextUndo) => void,
): void {
  const before = $u8.slice(offset, offset + byteLength);
  const undo = new TextUndo();
  try {
    write(undo);
  } catch (error) {
    $u8.set(before, offset);
    undo.undo();
    throw error;
  }
  undo.keep();
}

/** The write of several values, some with strings: undone as a whole, by the outermost of them. */
export function wholeWrite(byteLength: number, write: NotedWrite): NotedWrite {
  return (memory, offset, value, around) => {
    if (around !== undefined) write(memory, offset, value, around);
    else
      writeOrUndo(memory, offset, byteLength, (undo) => {
        write(memory, offset, value, undo);
      });
  };
}
