/** Characters of arithmetic expressions, for both parsers. A parser calls it at its own position: nothing is made for a token. */

export const PLUS = 0x2b;
export const MINUS = 0x2d;
export const TIMES = 0x2a;
export const OVER = 0x2f;
export const OPENING = 0x28;
export const CLOSING = 0x29;

const SPACE = 0x20;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Where the next character is that is no space. */
export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return at;
}

/** Where the number that begins at `from` ends: digits, with a point at most. `from` where none begins. */
export function endOfNumber(text: string, from: number): number {
  const whole = endOfDigits(text, from);
  if (text.charCodeAt(whole) !== POINT) return whole;
  const end = endOfDigits(text, whole + 1);
  return end === from + 1 ? from : end;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (!(code >= ZERO && code <= NINE)) return at;
    at++;
  }
}

/** @throws SyntaxError with the place */
export function refuse(text: string, at: number, expected: string): never {
  const found = at < text.length ? `'${text[at]}'` : "the end";
  throw new SyntaxError(`expected ${expected} at ${at}, found ${found}`);
}
