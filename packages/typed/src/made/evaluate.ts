/**
 * Functions made of source text, where the host allows it. A Content-Security-Policy without `unsafe-eval`, Deno Deploy and Cloudflare's
 * Workers do not: then functions that a build step wrote to a module serve (provided-functions.ts), or else the closures of the codecs,
 * which do the same, more slowly.
 *
 * Nothing that a program passes reaches the text but the names of fields, as string literals: see record-source.ts.
 */
import { type MakeFunctions, noteText, providedFor } from "./provided-functions.js";

/** Texts so far. Two of the same text would be one function to V8, and learn from each other's calls. */
let serial = 0;

/** Whether the host allows it; `undefined` before anybody has asked. A policy reports each try, so there is one. */
let isAllowed: boolean | undefined;

/**
 * What `body` returns.
 * @param scope - what the text refers to, by name
 * @returns `undefined` where the host forbids it, and no module has it
 */
export function evaluate(scope: Readonly<Record<string, unknown>>, body: string): unknown {
  const names = Object.keys(scope);
  noteText(names, body);
  const make = isAllowed === true ? undefined : providedFor(names, body);
  if (make !== undefined) return make(...Object.values(scope));
  if (isAllowed === false) return undefined;
  return makeOfText(names, body)?.(...Object.values(scope));
}

function makeOfText(names: readonly string[], body: string): MakeFunctions | undefined {
  try {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval, typescript/no-unsafe-type-assertion -- that is what this file is for
    const make = new Function(...names, `"use strict"; // ${serial++}\n${body}`) as MakeFunctions;
    isAllowed = true;
    return make;
  } catch (error) {
    // Neither what is wrong with the text is hidden, nor a stack that overflows: the next try may be allowed.
    if (isAllowed === true || error instanceof SyntaxError || error instanceof RangeError)
      throw error;
    isAllowed = false;
    return undefined;
  }
}
