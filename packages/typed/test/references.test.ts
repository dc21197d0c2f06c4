/** References that know what they refer to, structs that refer to themselves and to each other, and going along references. */
import { memoryUsage } from "node:process";
import {
  type Address,
  Heap,
  InvalidOptionError,
  InvalidStructError,
  NullReferenceError,
  UnknownFieldError,
  WrongTargetError,
  array,
  be,
  f64,
  nullable,
  ref,
  selfRef,
  struct,
  tagged,
  u32,
  u8,
} from "@perfloc/typed";
import { expect, test } from "vitest";

const levels = ["check", "off", "debug", "sample"] as const;

const Operation = struct("Operation", {
  sign: u8,
  get left() {
    return ref(Expression);
  },
  get right() {
    return ref(Expression);
  },
});
const Expression = struct("Expression", { node: tagged({ number: f64, operation: Operation }) });

test.each(levels)("V81, V82 a tree of two structs that refer to each other, level %s", (check) => {
  using heap = new Heap({ check });
  const context = heap.open("tree");
  const number = (value: number) => Expression.alloc(context, { node: { kind: "number", value } });
  const sum = (left: ReturnType<typeof number>, right: typeof left) =>
    Expression.alloc(context, { node: { kind: "operation", value: { left, right } } });
  const cursors = Array.from({ length: 9 }, () => Expression.cursor(heap));
  function evaluate(depth: number): number {
    const { node } = cursors[depth]!;
    if (node.kind === "number") return node.value;
    cursors[depth + 1]!.$to(node.value.left);
    const left = evaluate(depth + 1);
    cursors[depth + 1]!.$to(node.value.right);
    return left + evaluate(depth + 1);
  }
  cursors[0]!.$to(sum(number(1), sum(sum(number(2), number(3)), number(4))));
  expect(evaluate(0)).toBe(10);
});

test.each(levels)("V81 $follow goes along a list and stays at its end, level %s", (check) => {
  using heap = new Heap({ check });
  const context = heap.open("list");
  const Node = struct("Node", {
    value: u32,
    next: selfRef,
    get previous() {
      return be(nullable(ref(Node)));
    },
    get owner() {
      return be(ref(Owner));
    },
  });
  const Owner = struct("Owner", { name: u8, first: ref(Node) });
  const last = Node.alloc(context, { value: 3 });
  const first = Node.alloc(context, {
    value: 1,
    next: Node.alloc(context, { value: 2, next: last }),
  });
  const node = Node.cursor(heap, first);
  const values = [node.value];
  while (node.$follow("next")) values.push(node.value);
  expect(values).toEqual([1, 2, 3]);
  expect(node.$address).toBe(last);
  const owner = Owner.cursor(heap, Owner.alloc(context, { name: 7, first }));
  expect(owner.$follow("first", node)).toBe(true);
  expect(node.value).toBe(1);
  expect(node.$follow("owner", owner)).toBe(false);
  expect(owner.name).toBe(7);
  node.owner = owner.$address;
  const other = Owner.cursor(heap);
  expect(node.$follow("owner", other)).toBe(true);
  expect(other.name).toBe(7);
  expect(node.$follow("previous")).toBe(false);
});

test("V81 a step along a list makes no object", () => {
  using heap = new Heap();
  const context = heap.open("list");
  const Node = struct("Node", { value: u32, next: selfRef });
  let head: Address = 0;
  for (let value = 0; value < 1000; value++) head = Node.alloc(context, { value, next: head });
  const node = Node.cursor(heap);
  let sum = 0;
  const walk = (): void => {
    for (let round = 0; round < 500; round++) {
      node.$to(head);
      while (node.$follow("next")) sum += node.value;
    }
  };
  walk();
  const before = memoryUsage().heapUsed;
  walk();
  // One object a step would be 8 MB at least.
  expect(memoryUsage().heapUsed - before).toBeLessThan(4_000_000);
  expect(sum).toBe(1000 * ((998 * 999) / 2));
});

test.each(levels)(
  "V81 $follow refuses what is no reference, and cursors of others, level %s",
  (check) => {
    using heap = new Heap({ check });
    const context = heap.open("list");
    const Leaf = struct("Leaf", { value: u8 });
    const Node = struct("Node", { value: u32, next: selfRef, leaf: ref(Leaf) });
    const leaf = Leaf.alloc(context, { value: 5 });
    const address = Node.alloc(context, { value: leaf, leaf });
    const node = Node.cursor(heap, address);
    const unchecked = node as { $follow(name: unknown, cursor?: unknown): boolean };
    const bad: [unknown, unknown, new (...args: never[]) => Error, string][] = [
      ["nothing", undefined, UnknownFieldError, 'struct Node has no field "nothing"'],
      ["toString", undefined, UnknownFieldError, "has no field"],
      ["value", undefined, InvalidOptionError, "field value of struct Node is no reference"],
      ["leaf", undefined, InvalidOptionError, "field leaf of struct Node refers to a Leaf"],
      ["leaf", Node.cursor(heap), InvalidOptionError, "refers to a Leaf"],
      ["leaf", null, InvalidOptionError, "refers to a Leaf"],
      ["next", Leaf.cursor(heap), InvalidOptionError, "refers to a Node"],
    ];
    for (const [name, cursor, kind, message] of bad) {
      const attempt = (): unknown => unchecked.$follow(name, cursor);
      expect(attempt).toThrow(kind);
      expect(attempt).toThrow(message);
      expect(node.$address).toBe(address);
    }
    expect(() => Node.cursor(heap).$follow("next")).toThrow(NullReferenceError);
  },
);

test("V30, V39 NULL is refused by references that cannot hold it, in literals too", () => {
  using heap = new Heap();
  const context = heap.open("list");
  const Leaf = struct("Leaf", { value: u8 });
  const Node = struct("Node", {
    leaf: ref(Leaf),
    more: array(ref(Leaf), 2),
    maybe: nullable(ref(Leaf)),
  });
  const leaf = Leaf.alloc(context);
  const nodes = Node.vector(context);
  nodes.push({ leaf, maybe: 0 });
  const node = Node.cursor(heap, Node.alloc(context, { leaf, maybe: 0 }));
  for (const values of [{ leaf: 0 }, { more: [leaf, 0] }]) {
    expect(() => Node.alloc(context, values)).toThrow(NullReferenceError);
    expect(() => nodes.push(values)).toThrow(NullReferenceError);
    expect(() => node.$set(values)).toThrow(NullReferenceError);
  }
  expect([nodes.length, node.leaf]).toEqual([1, leaf]);
});

test("V5 a reference is made nullable before it is modified", () => {
  const Leaf = struct("Leaf", { value: u8 });
  expect(() => nullable(be(ref(Leaf)))).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("be(nullable(ref(type)))") as string }),
  );
});

test("V82 getters are read once, when the struct is first used", () => {
  let reads = 0;
  const Node = struct("Node", {
    value: u8,
    get next() {
      reads++;
      return nullable(ref(Node));
    },
  });
  expect(reads).toBe(0);
  expect([Node.size, Node.align, Node.offsetOf("next")]).toEqual([8, 4, 4]);
  using heap = new Heap();
  Node.cursor(heap, Node.alloc(heap.open("nodes"), { value: 1 })).$follow("next");
  expect(Node.toC()).toContain("uint32_t next");
  expect(reads).toBe(1);
});

test("V82 a struct that is used before its getters have types says so, and works later", () => {
  const Early = struct("Early", {
    get late() {
      return ref(Late);
    },
  });
  // Neither can what contains it be laid out, which is no mistake.
  const Around = struct("Around", { early: Early, count: u32 });
  for (const use of [() => Early.size, () => Around.size, () => Around.layout()]) {
    expect(use).toThrow(InvalidStructError);
    expect(use).toThrow(
      expect.objectContaining({
        code: "PERFLOC_TYPED_TYPE_NOT_MADE",
        struct: "Early",
        field: "late",
      }),
    );
    expect(use).toThrow("the getter of field late refers to what is not made yet");
  }
  const Late = struct("Late", { around: Around });
  expect([Early.size, Around.size, Late.size]).toEqual([4, 8, 8]);
});

test("V82 what getters return is checked as all fields are", () => {
  const Wrong = struct("Wrong", {
    get x() {
      return "f32" as unknown as typeof u8;
    },
  });
  expect(() => Wrong.size).toThrow(expect.objectContaining({ code: "PERFLOC_TYPED_UNKNOWN_TYPE" }));
  const fault = new Error("of the getter");
  const Faulty = struct("Faulty", {
    get x(): typeof u8 {
      throw fault;
    },
  });
  expect(() => Faulty.size).toThrow(fault);
  const plain = {
    x: "f32" as unknown as typeof u8,
    get y(): typeof u8 {
      return u8;
    },
  };
  expect(() => struct("Plain", plain)).toThrow("field x has an unknown type");
});

test("V5, V82 a struct that contains itself by value is refused, however deep", () => {
  const Self = struct("Self", {
    get inner() {
      return array(Self, 2);
    },
  });
  const Outer = struct("Outer", {
    count: u8,
    get inner() {
      return Inner;
    },
  });
  const Inner = struct("Inner", { outer: tagged({ none: u8, some: Outer }) });
  for (const use of [() => Self.size, () => Outer.layout(), () => Inner.size]) {
    expect(use).toThrow(expect.objectContaining({ code: "PERFLOC_TYPED_RECURSIVE_STRUCT" }));
    expect(use).toThrow("contains the struct itself");
  }
});

test("V89 the level debug finds references to something else, when they are assigned and followed", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("wrong");
  const Leaf = struct("Leaf", { value: u8 });
  const Base = struct("Base", { id: u32 });
  const Derived = struct("Derived", { base: Base, more: f64 });
  const Node = struct("Node", { leaf: ref(Leaf), next: selfRef, base: be(nullable(ref(Base))) });
  const leaf = Leaf.alloc(context, { value: 1 });
  const node = Node.cursor(heap, Node.alloc(context, { leaf }));
  const wrong: Address = Derived.alloc(context);
  const short = context.alloc(2);
  const unknown = context.alloc(100);
  for (const [address, message] of [
    [wrong, "is that of a Derived, and the reference is to a Node"],
    [short, "is that of an object of 2 bytes, and the reference is to a Node"],
  ] as const) {
    const before = node.$address;
    expect(() => (node.next = address)).toThrow(WrongTargetError);
    expect(node.next).toBe(0);
    node.$set({ next: address });
    expect(() => node.$follow("next")).toThrow(WrongTargetError);
    expect(() => node.$follow("next")).toThrow(message);
    expect(node.$address).toBe(before);
    node.next = 0;
  }
  // What begins with the struct, elements of arrays, and bytes are not wrong.
  node.base = wrong;
  const base = Base.cursor(heap);
  expect(node.$follow("base", base)).toBe(true);
  const nodes = Node.array(context, 2);
  for (const address of [nodes.address, nodes.addressAt(1), unknown]) {
    node.next = address;
    expect(node.$follow("next")).toBe(true);
    node.$to(nodes.address);
  }
  expect(() => Leaf.cursor(heap).$to(node.$address)).not.toThrow();
});
