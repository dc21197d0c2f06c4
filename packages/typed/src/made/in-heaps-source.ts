/**
 * The text of the functions that find structs in heaps. Each does the same as the shared method named in the comment above it, which
 * changes with it. Programs without heaps do not load this file.
 */
import type { BoundMember } from "../access/codec.js";
import type { AccessShape } from "./access-source.js";

export function inHeapsSource({ size, align, members }: AccessShape): string[] {
  return [
    "inHeaps: {",
    "statics(cursor) {",
    "return {",
    "__proto__: null,",
    ...members.flatMap((member, number) => staticsField(member, number)),
    "};",
    "},",
    // CursorBase.$to
    "to(address) {",
    '  if (typeof address === "number") {',
    "    const at = address >>> 0;",
    "    const offset = (at - this.$base) | 0;",
    `    if (at === address && (offset & ${-align}) === offset && offset >>> 0 <= this.$last &&`,
    "      this.$planes.pages[(at >>> 12) << 3] > 0 && this.$chunk.epoch === this.$epoch) {",
    "      this.$offset = offset;",
    "      return this;",
    "    }",
    "  }",
    "  return this.$toAnyChunk(address);",
    "},",
    // Struct.cursor
    "cursor(place, address) {",
    "  if (address === undefined) return this.cursorNowhere(place);",
    "  const known = this.home;",
    '  if (!(typeof address === "number" && known !== undefined && place === this.place && known.has(address) &&',
    "    (this.context === undefined || !this.context.isDropped))) {",
    "    const cursor = this.comeHome(place, address);",
    "    if (cursor !== undefined) return cursor;",
    "  }",
    "  const home = this.home;",
    "  return new home.Cursor(home.arena, address - home.base);",
    "},",
    // StructArrayView.at
    "at(index) {",
    "  const { cursor } = this;",
    "  if (this.lifetime.isOver || index >>> 0 !== index || index >= this.length) this.refuse(index);",
    `  cursor.$offset = (this.first + Math.imul(index, ${size})) | 0;`,
    "  return cursor;",
    "},",
    // StructIterator.next
    "next() {",
    "  const { offset } = this;",
    "  if (this.lifetime.isOver) this.array.check();",
    "  this.value.$offset = Math.min(offset, this.last);",
    "  this.done = offset > this.last;",
    `  this.offset = (offset + ${size}) | 0;`,
    "  return this;",
    "},",
    // Vec.at of structs
    "elementAt(index) {",
    "  if (this.$guard.isDropped) this.$refuseDropped();",
    "  if (index >>> 0 !== index || index >= this.$length) this.$refuseIndex(index);",
    "  const { offset, view } = this.$slots;",
    `  view.$offset = (offset + Math.imul(index, ${size})) | 0;`,
    "  return view;",
    "},",
    // ViewIterator.next
    "nextElement() {",
    "  const { slot, vec } = this;",
    "  if (vec.$guard.isDropped) vec.$refuseDropped();",
    "  if (slot >= vec.$length) this.done = true;",
    "  else {",
    "    const { offset, view } = vec.$slots;",
    `    view.$offset = (offset + Math.imul(slot, ${size})) | 0;`,
    "    this.value = view;",
    "    this.slot = slot + 1;",
    "  }",
    "  return this;",
    "},",
    "},",
  ];
}

/** Access to a field by the address of its struct: as in field-statics.ts. */
function staticsField({ name, codec, byteOffset }: BoundMember, number: number): string[] {
  const { source } = codec;
  if (source?.read === undefined) return [];
  const array = `view.$${source.array}`;
  return [
    `${JSON.stringify(name)}: {`,
    "  get(address) {",
    "    const view = cursor.$to(address);",
    `    return ${source.read(array, "view.$offset", byteOffset)};`,
    "  },",
    "  set(address, value) {",
    "    const view = cursor.$to(address);",
    `    if (!(${source.takes("value")})) return otherwise${number}.call(view, value);`,
    `    ${source.write(array, "view.$offset", byteOffset, "value")}`,
    "  },",
    "},",
  ];
}
