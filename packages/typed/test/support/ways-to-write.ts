/** All ways to write a value into a field of some type, each in a place of its own that holds a known value before. */
import {
  type FieldType,
  HashMap,
  type Heap,
  type MemoryContext,
  Vec,
  array,
  struct,
  tagged,
  u32,
  u8,
  union,
} from "@perfloc/typed";

/** A field, as the programs of this file see it. */
export interface WrittenType {
  readonly type: FieldType;
  /** A value that it takes, written before. */
  readonly old: unknown;
  /** For a bit field, which is written within its group, too: its name there. */
  readonly member?: string;
}

export interface Way {
  readonly name: string;
  readonly write: (value: any) => void;
  readonly read: () => unknown;
  /** Whether it takes the values of a record, where `undefined` stands for what is left out. */
  readonly isRecord: boolean;
  /** What is checked at every level. */
  readonly isAlwaysChecked: boolean;
}

/** The structs that a type is written in. */
export interface Structs {
  readonly [name: string]: any;
}

export function structsAround({ type }: WrittenType): Structs {
  const Plain = struct("Plain", { before: u8, x: type, after: u8 });
  return {
    Plain,
    Packed: struct("Packed", { before: u8, x: type, after: u8 }, { packed: true }),
    List: struct("List", { list: array(type, 2) }),
    Outer: struct("Outer", { part: Plain, parts: array(Plain, 2) }),
    Either: struct("Either", { either: union({ x: type, bytes: array(u8, 3) }) }),
    Tagged: struct("Tagged", { shape: tagged({ none: u8, x: type }) }),
  };
}

/** A plain object that no function is made for. */
function bare(values: object): object {
  return Object.assign(Object.create(null) as object, values);
}

/**
 * Every way, once.
 * @param isText - whether values are strings outside of their struct, which buffers have no place for
 */
export function waysToWrite(
  written: WrittenType,
  structs: Structs,
  heap: Heap,
  context: MemoryContext,
  isText: boolean,
): Way[] {
  const { Plain, Packed, List, Outer, Either, Tagged } = structs;
  const { member, type } = written;
  const ways: Way[] = [];
  const wrap = (value: unknown): any => (member === undefined ? value : { [member]: value });
  const unwrap = (value: any): unknown => (member === undefined ? value : value[member]);
  const old = wrap(written.old);
  const isGroup = member !== undefined;
  let isAlwaysChecked = false;

  const add = (
    name: string,
    read: () => any,
    write: (value: any) => void,
    isRecord: boolean = false,
  ): void => {
    ways.push({ name, read: () => unwrap(read()), write, isRecord, isAlwaysChecked });
  };
  /** A value on its own, or a group of bits, whose fields are a record. */
  const addWhole = (name: string, read: () => any, write: (whole: any) => void): void => {
    add(name, read, (value) => write(wrap(value)), isGroup);
  };
  /** The property of a view, and its `$set`. */
  const addView = (name: string, view: () => any, path: string = "x"): void => {
    const read = (): any => view()[path];
    if (member === undefined) {
      add(`${name}.x =`, read, (value) => (view()[path] = value));
    } else {
      add(`${name}.x.member =`, read, (value) => (view()[path][member] = value));
      add(`${name}.x.$set`, read, (value) => view()[path].$set({ [member]: value }), true);
      add(`${name}.x = group`, read, (value) => (view()[path] = { [member]: value }), true);
    }
    const set = (values: object): void => view().$set(values);
    add(`${name}.$set`, read, (value) => set({ [path]: wrap(value) }), true);
    add(`${name}.$set bare`, read, (value) => set(bare({ [path]: wrap(value) })), true);
  };

  for (const Struct of [Plain, Packed]) {
    const address = Struct.alloc(context, { x: old });
    const cursor = Struct.cursor(heap, address);
    addView(`${Struct.name} cursor`, () => cursor);
    const elements = Struct.array(context, 2);
    elements.at(1).$set({ x: old });
    addView(`${Struct.name} element`, () => elements.at(1));
    let made = address;
    const madeRead = (): any => Struct.toObject(heap, made).x;
    const alloc = (values: object): void => {
      made = Struct.alloc(context, { x: old });
      made = Struct.alloc(context, values);
    };
    add(`${Struct.name}.alloc`, madeRead, (value) => alloc({ x: wrap(value) }), true);
    add(`${Struct.name}.alloc bare`, madeRead, (value) => alloc(bare({ x: wrap(value) })), true);
    const other = Struct.alloc(context, { x: old });
    add(
      `${Struct.name}.fromObject`,
      () => Struct.toObject(heap, other).x,
      (value) => Struct.fromObject(heap, other, { x: wrap(value) }),
      true,
    );
    const at = Struct.at(heap);
    const third = Struct.alloc(context, { x: old });
    const readThird = (): any => at.x.get(third);
    addWhole(`${Struct.name} statics`, readThird, (whole) => at.x.set(third, whole));
    if (isGroup)
      add(`${Struct.name} statics of`, readThird, (value) => at.x.of[member].set(third, value));
    const records = Struct.vector(context);
    records.push({ x: old });
    addView(`${Struct.name} vector`, () => records.at(0));
    const readLast = (): any => records.at(records.length - 1).x;
    const push = (values: object): void => {
      records.push({ x: old });
      records.push(values);
    };
    add(`${Struct.name}.vector push`, readLast, (value) => push({ x: wrap(value) }), true);
    add(`${Struct.name} push bare`, readLast, (value) => push(bare({ x: wrap(value) })), true);
    add(
      `${Struct.name}.vector set`,
      readLast,
      (value) => records.set(records.length - 1, { x: wrap(value) }),
      true,
    );
    const map: any = new HashMap(context, u32, Struct);
    map.set(1, { x: old });
    add(
      `${Struct.name} map set`,
      () => map.get(1).x,
      (value) => map.set(1, { x: wrap(value) }),
      true,
    );
    addView(`${Struct.name} map obtain`, () => map.obtain(1));
    const columns = Struct.columns(context, 2);
    // Others are typed arrays, or the columns of a struct.
    if (columns.x.toArray !== undefined) {
      columns.x.set(1, old);
      const readColumn = (): any => columns.x.at(1);
      addWhole(`${Struct.name} column set`, readColumn, (whole) => columns.x.set(1, whole));
      addWhole(`${Struct.name} column fill`, readColumn, (whole) => columns.x.fill(whole));
    }
    if (isText) continue;
    isAlwaysChecked = true;
    for (const byteOffset of [0, 1]) {
      const view = Struct.over(new ArrayBuffer(256), byteOffset);
      view.$set({ x: old });
      addView(`${Struct.name} over ${byteOffset}`, () => view);
    }
    isAlwaysChecked = false;
  }

  const list = List.cursor(heap, List.alloc(context, { list: [old, old] }));
  const readList = (): any => list.list.at(1);
  addWhole("list.set", readList, (whole) => list.list.set(1, whole));
  addWhole("list.fill", readList, (whole) => list.list.fill(whole));
  addWhole("list.$set", readList, (whole) => list.list.$set([old, whole]));
  addWhole("list =", readList, (whole) => (list.list = [old, whole]));
  addWhole("List.$set", readList, (whole) => list.$set({ list: [old, whole] }));
  addWhole("List.$set bare", readList, (whole) => list.$set(bare({ list: [old, whole] })));
  addWhole("list statics", readList, (whole) =>
    List.at(heap).list.set(list.$address, [old, whole]),
  );
  addWhole("element statics", readList, (whole) =>
    List.at(heap).list.element(1).set(list.$address, whole),
  );
  let madeList = list.$address;
  addWhole(
    "List.alloc",
    () => List.toObject(heap, madeList).list[1],
    (whole) => {
      madeList = List.alloc(context, { list: [old, old] });
      madeList = List.alloc(context, { list: [old, whole] });
    },
  );

  const outer = Outer.cursor(heap, Outer.alloc(context));
  outer.$set({ part: { x: old }, parts: [{ x: old }, { x: old }] });
  addView("part", () => outer.part);
  addView("parts element", () => outer.parts.at(1));
  const readPart = (): any => outer.part.x;
  add("outer.$set", readPart, (value) => outer.$set({ part: { x: wrap(value) } }), true);
  add("outer.part =", readPart, (value) => (outer.part = { x: wrap(value) }), true);
  add(
    "parts.set",
    () => outer.parts.at(1).x,
    (value) => outer.parts.set(1, { x: wrap(value) }),
    true,
  );

  const either = Either.cursor(heap, Either.alloc(context, { either: { x: old } }));
  addView("union", () => either.either);
  const variant = Tagged.cursor(heap, Tagged.alloc(context, { shape: { kind: "x", value: old } }));
  const readVariant = (): any => variant.shape.value;
  const setVariant = (whole: unknown): void => variant.shape.$set({ kind: "x", value: whole });
  add("tagged.$set", readVariant, (value) => setVariant(wrap(value)), true);
  add("tagged.value =", readVariant, (value) => (variant.shape.value = wrap(value)), true);

  const values: any = new Vec(context, type);
  values.push(old);
  const readLast = (): any => values.at(values.length - 1);
  addWhole("Vec.push", readLast, (whole) => {
    values.push(old);
    values.push(whole);
  });
  addWhole("Vec.set", readLast, (whole) => values.set(values.length - 1, whole));
  const map: any = new HashMap(context, u32, type);
  map.set(1, old);
  addWhole(
    "HashMap.set",
    () => map.get(1),
    (whole) => map.set(1, whole),
  );
  return ways;
}
