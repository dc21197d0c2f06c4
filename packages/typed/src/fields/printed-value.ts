/** Values of fields as consoles print them. */
import type { Memory } from "../access/memory.js";
import type { Codec } from "../access/codec.js";
import type { View } from "../access/view.js";
import { Printed, printedList, reasonOf } from "../prints-as.js";

/** The value at a byte of a chunk as `read` returns it, but without the ends of long arrays, and with the reason in place of unreadable parts. */
export function printedValue(codec: Codec, memory: Memory, offset: number, limit: number): unknown {
  const { members, elements } = codec;
  if (members !== undefined) {
    const entries = members.map(({ name, codec: member, byteOffset }) => [
      name,
      printedValue(member, memory, offset + byteOffset, limit),
    ]);
    return Object.fromEntries(entries);
  }
  if (elements !== undefined)
    return printedList("", elements.length, limit, (index) =>
      printedValue(elements.codec, memory, offset + index * elements.stride, limit),
    );
  try {
    return codec.read(memory, offset);
  } catch (error) {
    return new Printed(`(${reasonOf(error)})`);
  }
}

/** What consoles print for a view: its values, unless it points nowhere, or no memory is there any more. */
export function printedView(view: View, codec: Codec, limit: number): unknown {
  if (view.$chunk === undefined) return new Printed(`${view.$typeName} (points nowhere)`);
  return hasMemory(view)
    ? printedValue(codec, view, view.$offset, limit)
    : new Printed(`${view.$typeName} (dropped)`);
}

/** Whether its chunk is held, and a context owns the page: what `$to` asks. Views over buffers have neither contexts nor pages. */
function hasMemory({ $u8, $address, $arena }: View): boolean {
  const { pages } = $arena.planes;
  return $u8.length > 0 && (pages.length === 0 || pages[($address >>> 12) << 3]! > 0);
}
