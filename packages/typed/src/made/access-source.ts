/**
 * Turns a record into the text of the functions that its views and arrays call at each access. For `struct("Point", { x: f64, id: u32 })`:
 *
 *   "x": {
 *     get() { return this.$f64[(this.$offset >>> 3)]; },
 *     set(value) { if (!(typeof value === "number")) return otherwise0.call(this, value); this.$f64[(this.$offset >>> 3)] = value; },
 *   },
 *   ...
 *
 * Functions that all structs share see the shapes of all views: from the fifth struct on V8 looks each property up in a table, and makes
 * an object for each number. An update of six reads and three writes in a program with 24 structs: 120 ns, and 2 ns with functions made
 * for each struct.
 */
import { type BoundMember, accessorOf } from "../access/codec.js";
import { MAX_FIELDS } from "./record-shape.js";
import { nearest } from "../layout/nearest.js";

/** The record that views are made for. */
export interface AccessShape {
  readonly size: number;
  readonly align: number;
  readonly members: readonly BoundMember[];
}

export interface AccessSource {
  readonly text: string;
  /** The functions that the text calls: setters for the values that it does not store, and `nearest`. */
  readonly scope: Readonly<Record<string, unknown>>;
}

/**
 * The text; `undefined` for records of more than 200 fields.
 * @param inHeaps - the part that only heaps need: see in-heaps-source.ts
 */
export function accessSource(
  shape: AccessShape,
  inHeaps: (shape: AccessShape) => string[] = () => [],
): AccessSource | undefined {
  if (shape.members.length > MAX_FIELDS) return undefined;
  const scope: Record<string, unknown> = { nearest };
  let children = 0;
  const fields = shape.members.flatMap((member, number) => {
    if (member.codec.makeView !== undefined) return childField(member, children++);
    return valueField(member, number, scope);
  });
  const text = [
    "return {",
    "fields: {",
    // Not what every object inherits: a field can be called toString.
    "__proto__: null,",
    ...fields,
    "},",
    ...equalsSource(shape.members),
    ...inHeaps(shape),
    "};",
  ];
  return { text: text.join("\n"), scope };
}

/** The property of a part that has a view of its own: as `childAccessor` in access/view.ts. */
function childField({ name, byteOffset }: BoundMember, index: number): string[] {
  const child = [
    `    const child = this.$children[${index}] ?? this.$enterChild(${index});`,
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

/** The property of a value; none for a type without a text, which keeps its accessor. */
function valueField(
  { name, codec, byteOffset }: BoundMember,
  number: number,
  scope: Record<string, unknown>,
): string[] {
  const { source } = codec;
  if (source?.read === undefined) return [];
  const array = `this.$${source.array}`;
  const otherwise = `otherwise${number}`;
  // oxlint-disable-next-line typescript/unbound-method -- the text calls it with the view
  scope[otherwise] = accessorOf(codec, byteOffset).set;
  const refusal = `if (!(${source.takes("value")})) return ${otherwise}.call(this, value); `;
  return [
    `${JSON.stringify(name)}: {`,
    `  get() { return ${source.read(array, "this.$offset", byteOffset)}; },`,
    `  set(value) { ${refusal}${source.write(array, "this.$offset", byteOffset, "value")} },`,
    "},",
  ];
}

/** `equals`, which compares the bytes of all fields without padding; none if a field is not compared by its bytes. */
function equalsSource(members: readonly BoundMember[]): string[] {
  if (members.some(({ codec }) => codec.equals !== undefined)) return [];
  const runs: { start: number; end: number }[] = [];
  for (const { byteOffset, codec } of members) {
    const last = runs.at(-1);
    if (last?.end === byteOffset) last.end += codec.size;
    else runs.push({ start: byteOffset, end: byteOffset + codec.size });
  }
  return [
    "equals(memory, at, other, otherAt) {",
    "  const one = memory.$u8, two = other.$u8;",
    ...runs.map(
      ({ start, end }) =>
        `  for (let byte = ${start}; byte < ${end}; byte++) if (one[at + byte] !== two[otherAt + byte]) return false;`,
    ),
    "  return true;",
    "},",
  ];
}
