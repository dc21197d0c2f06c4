/**
 * Turns a record into the text of what its views and arrays do at each access. For `struct("Point", { x: f64, id: u32 })`:
 *
 *   "x": {
 *     get() { return this.$f64[(this.$offset >>> 3)]; },
 *     set(value) { if (!(typeof value === "number")) return otherwise0.call(this, value); this.$f64[(this.$offset >>> 3)] = value; },
 *   },
 *   ...
 *   to(address) { ... }          `$to` of its cursors
 *   at(index) { ... }            `at` of its arrays, and so on
 *
 * Functions that all structs share learn the shapes of all views: from the fifth struct on V8 looks each property up in a table, and makes
 * an object for each number. 24 structs in a program: 120 ns for an update of six reads and three writes, 2 ns with functions of their own.
 */
import type { BoundMember } from "../access/codec.js";
import { nearest } from "../layout/nearest.js";

/** The record that views are made for. */
export interface AccessShape {
  readonly size: number;
  readonly align: number;
  readonly members: readonly BoundMember[];
}

export interface AccessSource {
  readonly text: string;
  /** The setters for values that the text does not store, and what it calls. */
  readonly scope: Readonly<Record<string, unknown>>;
}

/** More fields are reached through closures. */
const MAX_FIELDS = 200;

/** The text; `undefined` for very long records. */
export function accessSource(shape: AccessShape): AccessSource | undefined {
  if (shape.members.length > MAX_FIELDS) return undefined;
  const scope: Record<string, unknown> = { nearest };
  let children = 0;
  const fields = shape.members.flatMap((member, number) => {
    if (member.codec.makeView !== undefined) return childField(member, children++);
    return valueField(member, number, scope);
  });
  return {
    text: ["return {", "fields: {", ...fields, "},", ...movingSource(shape), "};"].join("\n"),
    scope,
  };
}

/** A part that is seen through a view of its own: see `childAccessor`. */
function childField({ name, byteOffset }: BoundMember, index: number): string[] {
  const child = [
    `    const child = this.$children[${index}] ?? this.$follow(${index});`,
    `    child.$offset = this.$offset + ${byteOffset};`,
  ];
  return [
    `${JSON.stringify(name)}: {`,
    "  get() {",
    ...child,
    "    return child;",
    "  },",
    "  set(value) {",
    ...child,
    "    child.$set(value);",
    "  },",
    "},",
  ];
}

/** A value that has a text: others keep the accessor of their type. */
function valueField(
  { name, codec, byteOffset }: BoundMember,
  number: number,
  scope: Record<string, unknown>,
): string[] {
  const { accessor, source } = codec;
  if (source?.read === undefined || accessor === undefined) return [];
  const array = `this.$${source.array}`;
  const otherwise = `otherwise${number}`;
  // oxlint-disable-next-line typescript/unbound-method -- the text calls it with the view
  scope[otherwise] = accessor(byteOffset).set;
  const refusal = `if (!(${source.takes("value")})) return ${otherwise}.call(this, value); `;
  return [
    `${JSON.stringify(name)}: {`,
    `  get() { return ${source.read(array, "this.$offset", byteOffset)}; },`,
    `  set(value) { ${refusal}${source.write(array, "this.$offset", byteOffset, "value")} },`,
    "},",
  ];
}

/** What moves views: each does what the method that it stands for does. */
function movingSource({ size, align }: AccessShape): string[] {
  return [
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
  ];
}
