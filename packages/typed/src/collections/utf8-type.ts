/**
 * The field type `utf8`: four bytes with the address of a string, which lies in the context that the struct lies in.
 *
 *   struct | ... | address | ...        string | byteLength (u32) | bytes in UTF-8 ... |
 *                     └────────────────────────^
 *
 * 0 is the empty string, so that zeroed memory reads as "".
 */
import { type Binding, type Codec } from "../access/codec.js";
import type { Extent } from "../layout/extent.js";
import {
  type Arena,
  InvalidAddressError,
  MemoryContext,
  NULL_ADDRESS,
  UseAfterDropError,
} from "@perfloc/trim";
import type { Abi, GpuLack } from "../layout/abi.js";
import { type FieldPlace, refusedValue } from "../errors.js";
import { ValueType } from "../fields/field-type.js";
import { u32 } from "../fields/scalar.js";
import { allocText, chunkOfText, isWellFormed, readText } from "./stored-text.js";
import { makeTextCoder } from "./text-coder.js";

class Utf8Type extends ValueType<string> {
  override readonly name = "utf8";

  override measure(abi: Abi): Extent {
    return u32.measure(abi);
  }

  override lackOnGpu(): GpuLack {
    return { what: this.name, hint: "Keep strings in a struct of their own, beside the buffer." };
  }

  override check(value: unknown, place: FieldPlace): void {
    if (typeof value !== "string" || !isWellFormed(value))
      throw refusedValue(place, this.name, "a string without halves of surrogate pairs", value);
  }

  override bind(binding: Binding): Codec<string> {
    const addresses = u32.bind(binding);
    const coder = makeTextCoder();
    const codec: Codec<string> = {
      size: addresses.size,
      arrays: addresses.arrays,
      read(memory, offset) {
        // `undefined` from arrays of a chunk that was released.
        const address: number | undefined = addresses.read(memory, offset);
        if (address === NULL_ADDRESS) return "";
        const chunk = address === undefined ? undefined : chunkOfText(memory.$arena, address);
        if (chunk === undefined || address === undefined) throw noText(binding, address);
        return readText(chunk, address, coder);
      },
      storesTexts: true,
      write: (memory, offset, value, undo) => {
        this.check(value, binding);
        const context = contextAt(memory.$arena, memory.$base + offset);
        let address = NULL_ADDRESS;
        if (value !== "") {
          undo?.begin(context);
          address = allocText(context, value, coder);
          undo?.note(address);
        }
        addresses.write(memory, offset, address);
      },
      equals: (memory, offset, other, otherOffset) =>
        codec.read(memory, offset) === codec.read(other, otherOffset),
    };
    return codec;
  }

  override declaration(name: string): string {
    return `${u32.declaration(name)} /* address of a utf8 string */`;
  }
}

/** The error for a field that refers to no string, or whose own memory is gone. */
function noText(place: FieldPlace, address: number | undefined): Error {
  const { fieldName, structName } = place;
  if (address === undefined) {
    return new UseAfterDropError(
      "PERFLOC_TYPED_CHUNK_RELEASED",
      `field ${fieldName} of struct ${structName}`,
      `cannot read field ${fieldName} of struct ${structName}: its memory was given back to the OS`,
      "The struct died with its context or heap. Do not keep views of dead objects.",
    );
  }
  return new InvalidAddressError(
    "PERFLOC_TYPED_INVALID_ADDRESS",
    address,
    `is no string, and field ${fieldName} of struct ${structName} refers to it`,
    "A reset, drop or rollback ended the string, or the field was overwritten. A string that is assigned after a checkpoint goes with its rollback: assign it again.",
  );
}

/**
 * The context that owns the bytes at an offset of a chunk.
 * @throws InvalidAddressError when none does
 */
function contextAt(arena: Arena, address: number): MemoryContext {
  const context = MemoryContext.at(arena, address);
  if (context !== undefined) return context;
  throw new InvalidAddressError(
    "PERFLOC_TYPED_INVALID_ADDRESS",
    address,
    "lies in no context: there is no place for a string",
    "Write strings while the struct lives.",
  );
}

/**
 * A string of any length, in the context that the struct lies in: 4 bytes in the struct, and an object of its own.
 *
 * A string that is assigned over another leaves the other where it is, since a copy of the struct may refer to it: it goes
 * with the context. One that is assigned after a checkpoint goes with a rollback, also where the struct is older: read then throws
 * InvalidAddressError until another one is assigned, or shows what lies there by then.
 * @public
 */
export const utf8: ValueType<string> = new Utf8Type();
