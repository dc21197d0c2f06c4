/** Made-up arithmetic expressions. */
import { randomFrom } from "@perfloc-tooling/testkit";

/**
 * An expression with about so many operands, of all operators, numbers with and without fractions, signs, parentheses and spaces.
 *
 * @param depth - parentheses within parentheses at most
 */
export function randomExpression(operandCount: number, depth: number, seed: number): string {
  const random = randomFrom(seed);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const number = (): string =>
    upTo(3) === 0 ? `${upTo(1000)}.${1 + upTo(99)}` : `${1 + upTo(1000)}`;
  const space = (): string => (upTo(2) === 0 ? " " : "");
  const operand = (count: number, left: number): string => {
    const sign = upTo(8) === 0 ? "- " : "";
    return count === 1 ? `${sign}${number()}` : `${sign}(${chain(count, left - 1)})`;
  };
  const chain = (count: number, left: number): string => {
    const parts: string[] = [];
    for (let rest = count; rest > 0;) {
      const size = left === 0 || upTo(2) === 0 ? 1 : 1 + upTo(rest);
      parts.push(operand(size, left));
      rest -= size;
    }
    // Two signs without a space between them are no arithmetic in JavaScript.
    return parts.reduce(
      (text, part) =>
        `${text}${space()}${"+-*/"[upTo(4)]}${part.startsWith("-") ? " " : space()}${part}`,
    );
  };
  return chain(operandCount, depth);
}
