/** Views of structs in memory that exists already: packets, files, the memory of a WebAssembly module. */
import { type Arena, InvalidOptionError, InvalidSizeError } from "@perfloc/trim";
import type { BoundStruct } from "./bound-struct.js";
import { type BufferBytes, bytesOf, chunkOver } from "../access/buffer-memory.js";
import type { CursorClass } from "./cursor.js";
import type { CursorBase, CursorStruct } from "./cursor-base.js";
import { InvalidStructError } from "../errors.js";
import type { StructFields } from "../fields/field-names.js";
import { knownAlignAt } from "../layout/layout.js";
import type { StructView } from "../fields/struct-fields.js";

/**
 * A view of a struct in a buffer: its fields are properties that read and write the bytes. `$address` is where it begins in the ArrayBuffer.
 * @public
 */
export type BufferView<Fields extends StructFields> = StructView<Fields> & {
  /**
   * Moves the view to another struct of the same buffer, and returns it. Allocates nothing.
   * @param byteOffset - from the beginning of what was passed to `over`; as aligned as the first place was, up to the struct's own
   * alignment
   * @throws InvalidSizeError `PERFLOC_TYPED_INVALID_SIZE`, InvalidOptionError; the view is then where it was
   */
  $moveTo(byteOffset: number): BufferView<Fields>;
};

/** Views have an arena, by which they find other chunks: there are none here. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has all that a view asks before it is pointed elsewhere
const nowhere = { planes: { pages: new Int32Array(0) } } as unknown as Arena;

/**
 * Makes a view of a struct in a buffer.
 * @param bound - the struct, bound for places that are multiples of an alignment
 */
export function viewOver(
  struct: CursorStruct,
  value: unknown,
  byteOffset: number,
  bound: { inBuffer(knownAlign: number): BoundStruct },
): CursorBase {
  const bytes = bytesOf(value);
  if (bytes === undefined) throw noBuffer(struct, value);
  checkOffset(struct, bytes, byteOffset);
  const first = bytes.byteOffset + byteOffset;
  const align = knownAlignAt(struct.align, first);
  const boundHere = bound.inBuffer(align);
  const { codec } = boundHere;
  if (codec.storesTexts === true) throw hasStringsOutside(struct);
  const Movable = (boundHere.overBuffers ??= movableClass(boundHere.Cursor));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is of that class
  const view = new Movable(nowhere, first) as MovableView;
  view.$enter(chunkOver(bytes.buffer));
  view.$bytes = bytes;
  view.$step = align;
  view.$start = bytes.byteOffset;
  view.$lastOffset = bytes.byteLength - struct.size;
  return view;
}

interface MovableView extends CursorBase {
  $bytes: BufferBytes;
  /** What places of the view are multiples of. */
  $step: number;
  /** Where the bytes begin in their buffer. */
  $start: number;
  /** The last byte of them that a struct can begin at. */
  $lastOffset: number;
}

type MovableClass = new (arena: Arena, offset?: number) => MovableView;

/** One for each class of cursors, so that views over buffers have one shape. */
function movableClass(Cursor: CursorClass): MovableClass {
  class BufferCursor extends Cursor {
    $bytes!: BufferBytes;
    $step = 1;
    $start = 0;
    $lastOffset = 0;

    /** Hot path: nothing may be added here. */
    $moveTo(byteOffset: number): this {
      const at = this.$start + byteOffset;
      if (
        byteOffset >>> 0 !== byteOffset ||
        byteOffset > this.$lastOffset ||
        (at & (this.$step - 1)) !== 0
      )
        refuseMove(this, byteOffset);
      this.$offset = at;
      return this;
    }
  }
  return BufferCursor;
}

function refuseMove({ $bytes, $step, $struct }: MovableView, byteOffset: number): never {
  checkOffset($struct, $bytes, byteOffset);
  throw misaligned($struct, byteOffset, $step);
}

function checkOffset(
  { name, size }: CursorStruct,
  { byteLength }: BufferBytes,
  byteOffset: unknown,
): void {
  const last = byteLength - size;
  const isOffset = typeof byteOffset === "number" && Number.isInteger(byteOffset);
  if (isOffset && byteOffset >= 0 && byteOffset <= last) return;
  if (last < 0)
    throw new InvalidOptionError(
      "PERFLOC_TYPED_INVALID_OPTION",
      "buffer",
      byteLength,
      `a ${name} has ${size} bytes, and the buffer ${byteLength}`,
    );
  throw new InvalidSizeError("PERFLOC_TYPED_INVALID_SIZE", "byteOffset", byteOffset, 0, last);
}

function misaligned({ name }: CursorStruct, byteOffset: number, align: number): InvalidOptionError {
  return new InvalidOptionError(
    "PERFLOC_TYPED_INVALID_OPTION",
    "byteOffset",
    byteOffset,
    `this view of ${name} moves by multiples of ${align}`,
    "Make another view with over().",
  );
}

function noBuffer({ name }: CursorStruct, value: unknown): InvalidOptionError {
  return new InvalidOptionError(
    "PERFLOC_TYPED_INVALID_OPTION",
    "buffer",
    value,
    `a ${name} lies in a Buffer, a typed array, a DataView, an ArrayBuffer or a SharedArrayBuffer`,
    "For objects of a heap there is cursor().",
  );
}

function hasStringsOutside({ name }: CursorStruct): InvalidStructError {
  return new InvalidStructError(
    "PERFLOC_TYPED_NOT_IN_BUFFERS",
    name,
    undefined,
    "a view over a buffer has no heap for strings outside of the struct, nor for weak references",
    "Give strings a fixed length: text(n).",
  );
}
