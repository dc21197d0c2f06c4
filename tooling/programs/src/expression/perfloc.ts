/**
 * Arithmetic expressions with a tree of structs, in a context that the caller drops with all of it. Every node has 16 bytes and begins
 * with the same fields, so that a cursor of any node type can read the kind:
 *
 *   Number     | at (u32) | kind (u8) | value (f64)        |
 *   Negation   | at (u32) | kind (u8) | operand (u32)      |
 *   Binary     | at (u32) | kind (u8) | left (u32) | right |
 */
import {
  type Address,
  type Heap,
  type MemoryContext,
  enumOf,
  f64,
  selfRef,
  struct,
  u32,
  u8,
} from "@perfloc/typed";
import {
  CLOSING,
  MINUS,
  OPENING,
  OVER,
  PLUS,
  TIMES,
  endOfNumber,
  refuse,
  skipSpaces,
} from "./scanner.js";

const Kind = enumOf(u8, {
  number: 0,
  negation: 1,
  sum: 2,
  difference: 3,
  product: 4,
  quotient: 5,
});
const NumberNode = struct("NumberNode", { at: u32, kind: Kind, value: f64 });
const Negation = struct("Negation", { at: u32, kind: Kind, operand: selfRef });
const Binary = struct("Binary", { at: u32, kind: Kind, left: selfRef, right: selfRef });

/** @param tree - where the nodes are made. @returns the address of the root. @throws SyntaxError */
export function parse(tree: MemoryContext, text: string): Address {
  return new Parser(tree, text).parse();
}

/** @returns a function that evaluates the tree of a root */
export function makeEvaluate(heap: Heap): (root: Address) => number {
  const number = NumberNode.cursor(heap);
  const negation = Negation.cursor(heap);
  const binary = Binary.cursor(heap);
  return function evaluate(node: Address): number {
    // The cursor moves to the operands: all that is needed of this node is read before.
    const { kind, left, right } = binary.$to(node);
    switch (kind) {
      case "number":
        return number.$to(node).value;
      case "negation":
        return -evaluate(negation.$to(node).operand);
      case "sum":
        return evaluate(left) + evaluate(right);
      case "difference":
        return evaluate(left) - evaluate(right);
      case "product":
        return evaluate(left) * evaluate(right);
      default:
        return evaluate(left) / evaluate(right);
    }
  };
}

/** By recursive descent. */
class Parser {
  readonly tree: MemoryContext;
  readonly text: string;
  at = 0;

  constructor(tree: MemoryContext, text: string) {
    this.tree = tree;
    this.text = text;
  }

  parse(): Address {
    const root = this.sum();
    if (this.at < this.text.length) refuse(this.text, this.at, "an operator");
    return root;
  }

  sum(): Address {
    let left = this.product();
    for (;;) {
      const { at } = this;
      const code = this.text.charCodeAt(at);
      if (code !== PLUS && code !== MINUS) return left;
      this.at++;
      const right = this.product();
      left = Binary.alloc(this.tree, {
        at,
        kind: code === PLUS ? "sum" : "difference",
        left,
        right,
      });
    }
  }

  product(): Address {
    let left = this.operand();
    for (;;) {
      const { at } = this;
      const code = this.text.charCodeAt(at);
      if (code !== TIMES && code !== OVER) return left;
      this.at++;
      const right = this.operand();
      left = Binary.alloc(this.tree, {
        at,
        kind: code === TIMES ? "product" : "quotient",
        left,
        right,
      });
    }
  }

  /** With the spaces around it. */
  operand(): Address {
    const at = skipSpaces(this.text, this.at);
    const code = this.text.charCodeAt(at);
    let node: Address;
    if (code === OPENING) {
      this.at = at + 1;
      node = this.sum();
      if (this.text.charCodeAt(this.at) !== CLOSING) refuse(this.text, this.at, "')'");
      this.at++;
    } else if (code === MINUS) {
      this.at = at + 1;
      node = Negation.alloc(this.tree, { at, kind: "negation", operand: this.operand() });
    } else {
      this.at = endOfNumber(this.text, at);
      if (this.at === at) refuse(this.text, at, "a number");
      const value = Number(this.text.slice(at, this.at));
      node = NumberNode.alloc(this.tree, { at, kind: "number", value });
    }
    this.at = skipSpaces(this.text, this.at);
    return node;
  }
}
