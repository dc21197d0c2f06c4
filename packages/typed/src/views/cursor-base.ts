/**
 * What the cursors of all structs share: pointing elsewhere.
 *
 *   $base       $first                    $last
 *   | NULL page | fields ... | fields ... | fields |           $base + $offset = $address
 *               |<- a struct can begin -->|                    $first <= $offset <= $last
 *
 * A cursor is checked when it is pointed, not when it is read: a check per access costs as much as the access.
 */
import type { Extent } from "../layout/extent.js";
import { type Address, NULL_ADDRESS, PAGE_BYTES, type TopChunk } from "@perfloc/trim";
import type { FieldType } from "../fields/field-type.js";
import { View, defineHidden } from "../access/view.js";

/** What a class of cursors knows about its struct. */
export interface CursorStruct extends Extent {
  readonly name: string;
}

/**
 * The page table of an arena: 8 words for each page, the first one above 0 just when a context owns the page. Hot paths read `pages`
 * each time, since another array takes its place when the arena grows.
 */
export interface PagePlanes {
  readonly pages: Int32Array;
}

export abstract class CursorBase extends View {
  /** On the prototype of each struct's cursors. */
  declare readonly $struct: CursorStruct;
  /** The type of the struct. On the prototype, too. */
  declare readonly $type: FieldType;
  /** All bits but those that are zero in addresses of the struct. On the prototype, too. */
  declare readonly $alignMask: number;

  /** Moves `cursor` to what a field refers to; false, with nothing moved, for NULL. On the prototype of each struct's cursors. */
  declare readonly $follow: (name: string, cursor?: CursorBase) => boolean;

  /** What its references refer to, by name. On the prototype, too; made when it is first asked for. */
  declare readonly $targets: ReadonlyMap<string, FieldType>;

  /**
   * The chunk that it would point into. Changes nothing. On the prototype, too, but not in programs without heaps: see `chunkForCursor`.
   * @throws what `$to` throws
   */
  declare readonly $chunkFor: (address: Address) => TopChunk;

  // Inherited while the cursor is nowhere, as the arrays are.
  /** Has the owner of each page, 0 for none: by that it is seen that a context is gone. */
  declare $planes: PagePlanes;
  declare $epoch: number;
  declare $first: number;
  declare $last: number;

  /**
   * Hot path: another struct in the same top chunk. The mask finds fractions, too, and nobody owns the NULL page. Nothing may be
   * added here: V8 inlines 920 bytecodes into one function, and these are 111. Rejected: to remember the owner and compare it in
   * place of the epoch, no faster for structs of one context, and 5.1 ns instead of 3.6 where two contexts take turns; several
   * functions of at most 27 bytecodes, of which V8 inlines no more in the end.
   */
  $to(address: Address): this {
    if (typeof address === "number") {
      const offset = address - this.$base;
      if (
        (offset & this.$alignMask) === offset &&
        offset >>> 0 <= this.$last &&
        this.$planes.pages[(address >>> 12) << 3]! > 0 &&
        this.$chunk!.epoch === this.$epoch
      ) {
        this.$offset = offset;
        return this;
      }
    }
    return this.$toAnyChunk(address);
  }

  /** `$to` an address that a reference to this struct has. Cursors that check each access find out more: see view-guard.ts. */
  $toReferred(address: Address): void {
    this.$to(address);
  }

  /** Another chunk, a chunk that was released or came back, bad addresses. Throws before anything is changed. */
  $toAnyChunk(address: Address): this {
    const chunk = this.$chunkFor(address);
    this.$enter(chunk);
    this.$offset = address - chunk.base;
    return this;
  }

  override $enter(chunk: TopChunk): void {
    super.$enter(chunk);
    this.$planes = this.$arena.planes;
    this.$epoch = chunk.epoch;
    this.$first = chunk.base === NULL_ADDRESS ? PAGE_BYTES : 0;
    this.$last = chunk.byteLength - this.$struct.size;
  }

  static {
    defineHidden(CursorBase.prototype, "$planes", { pages: new Int32Array(0) });
    defineHidden(CursorBase.prototype, "$epoch", 0);
    defineHidden(CursorBase.prototype, "$first", 1);
    defineHidden(CursorBase.prototype, "$last", 0);
  }
}
