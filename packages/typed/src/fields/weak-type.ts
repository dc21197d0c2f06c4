/**
 * Weak references: the address of an object and its identity, 8 bytes. Once the object died they are NULL, whatever lies at the address.
 *
 *   | address (u32) | identity (u32) |        both 0: NULL
 *
 * The context of the object knows the identity for as long as the object lives: see `scopes/watched-objects.ts` of the layer below. Rejected:
 * the cell of the object in place of the identity. An object that takes a freed slot of its size has the same cell.
 */
import {
  type Address,
  type Arena,
  InvalidAddressError,
  MemoryContext,
  NULL_ADDRESS,
} from "@perfloc/trim";
import type { Abi } from "../layout/abi.js";
import { type FieldPlace, refusedValue } from "../errors.js";
import { type Binding, type Codec } from "../access/codec.js";
import type { Extent } from "../layout/extent.js";
import type { FieldType } from "./field-type.js";
import { type RefFieldType, ReferenceType, checkTarget } from "./ref-type.js";
import { u32 } from "./scalar.js";

/** Bytes of one of the two words. */
const WORD_BYTES = 4;

/**
 * A reference that does not outlive what it refers to: it reads as 0 (NULL) once the object was freed, moved by a `realloc`, or went with a
 * reset, rollback or drop of its context, also when something else lies at the address by then. It may be NULL from the beginning.
 *
 * It refers to whole objects, as `alloc` and `array` return them; in a bump context to any address. Storing one costs a map entry of its
 * context for as long as the object lives, reading one a look-up. An object that a rollback brings back after it was freed stays dead
 * for the references of before.
 * @param type - what lies there, as of {@link ref}
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for what is no type
 * @public
 */
export function weak<Target extends FieldType>(
  type: Target | (() => Target),
): RefFieldType<Target> {
  const made: unknown = new WeakType(checkTarget("weak", type));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the target is for TypeScript alone
  return made as RefFieldType<Target>;
}

class WeakType extends ReferenceType {
  override readonly name = "weak";

  override measure(abi: Abi): Extent {
    const { size, align } = u32.measure(abi);
    return { size: 2 * size, align };
  }

  override check(value: unknown, place: FieldPlace): void {
    if (typeof value !== "number" || value >>> 0 !== value)
      throw refusedValue(place, this.name, "an address", value);
  }

  override bind(binding: Binding): Codec<Address> {
    const word = u32.bind({ ...binding, isChecked: false });
    const codec: Codec<Address> = {
      size: 2 * WORD_BYTES,
      arrays: word.arrays,
      // A write of several fields is undone when one of them refers to no object.
      storesTexts: true,
      read(memory, offset) {
        // `undefined` from arrays of a chunk that was released.
        const address: number | undefined = word.read(memory, offset);
        if (address === NULL_ADDRESS || address === undefined) return NULL_ADDRESS;
        const identity: number = word.read(memory, offset + WORD_BYTES);
        const object = MemoryContext.at(memory.$arena, address)?.extras.watched.get(address);
        return object?.identity === identity ? address : NULL_ADDRESS;
      },
      write: (memory, offset, value) => {
        this.check(value, binding);
        const identity = identityOf(memory.$arena, value, binding);
        word.write(memory, offset, value);
        word.write(memory, offset + WORD_BYTES, identity);
      },
      equals: (memory, offset, other, otherOffset) =>
        codec.read(memory, offset) === codec.read(other, otherOffset),
    };
    return codec;
  }

  override declaration(name: string): string {
    return `${u32.declaration(`${name}[2]`)} /* weak reference: address, identity */`;
  }
}

/** The identity of the object that begins at an address. @throws InvalidAddressError where none does */
function identityOf(arena: Arena, address: Address, place: FieldPlace): number {
  if (address === NULL_ADDRESS) return 0;
  const identity = MemoryContext.at(arena, address)?.watch(address)?.identity ?? 0;
  if (identity !== 0) return identity;
  const { fieldName, structName } = place;
  throw new InvalidAddressError(
    "PERFLOC_TYPED_INVALID_ADDRESS",
    address,
    `begins no object that lives: weak field ${fieldName} of struct ${structName} cannot refer to it`,
    "Pass what alloc() or array() returned. Parts of objects and elements of arrays have no life of their own.",
  );
}
