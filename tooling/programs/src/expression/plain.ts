/** Arithmetic expressions in plain JavaScript: the tree is objects. */
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

export type Expression =
  | { readonly kind: "number"; readonly at: number; readonly value: number }
  | { readonly kind: "negation"; readonly at: number; readonly operand: Expression }
  | {
      readonly kind: "sum" | "difference" | "product" | "quotient";
      readonly at: number;
      readonly left: Expression;
      readonly right: Expression;
    };

/** @throws SyntaxError */
export function parse(text: string): Expression {
  return new Parser(text).parse();
}

export function evaluate(node: Expression): number {
  switch (node.kind) {
    case "number":
      return node.value;
    case "negation":
      return -evaluate(node.operand);
    case "sum":
      return evaluate(node.left) + evaluate(node.right);
    case "difference":
      return evaluate(node.left) - evaluate(node.right);
    case "product":
      return evaluate(node.left) * evaluate(node.right);
    default:
      return evaluate(node.left) / evaluate(node.right);
  }
}

/** By recursive descent. */
class Parser {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  parse(): Expression {
    const root = this.sum();
    if (this.at < this.text.length) refuse(this.text, this.at, "an operator");
    return root;
  }

  sum(): Expression {
    let left = this.product();
    for (;;) {
      const { at } = this;
      const code = this.text.charCodeAt(at);
      if (code !== PLUS && code !== MINUS) return left;
      this.at++;
      const right = this.product();
      left = { kind: code === PLUS ? "sum" : "difference", at, left, right };
    }
  }

  product(): Expression {
    let left = this.operand();
    for (;;) {
      const { at } = this;
      const code = this.text.charCodeAt(at);
      if (code !== TIMES && code !== OVER) return left;
      this.at++;
      const right = this.operand();
      left = { kind: code === TIMES ? "product" : "quotient", at, left, right };
    }
  }

  /** With the spaces around it. */
  operand(): Expression {
    const at = skipSpaces(this.text, this.at);
    const code = this.text.charCodeAt(at);
    let node: Expression;
    if (code === OPENING) {
      this.at = at + 1;
      node = this.sum();
      if (this.text.charCodeAt(this.at) !== CLOSING) refuse(this.text, this.at, "')'");
      this.at++;
    } else if (code === MINUS) {
      this.at = at + 1;
      node = { kind: "negation", at, operand: this.operand() };
    } else {
      this.at = endOfNumber(this.text, at);
      if (this.at === at) refuse(this.text, at, "a number");
      node = { kind: "number", at, value: Number(this.text.slice(at, this.at)) };
    }
    this.at = skipSpaces(this.text, this.at);
    return node;
  }
}
