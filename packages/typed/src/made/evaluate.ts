/**
 * Functions made of source text, where the host allows it. A Content-Security-Policy without `unsafe-eval`, Deno Deploy and Cloudflare's
 * Workers do not. There, functions that a build step wrote to a module are used (provided-functions.ts), or else the closures of the codecs,
 * which do the same, more slowly.
 *
 * Nothing that a program passes reaches the text but the names of fields, as string literals: see record-source.ts.
 */
import { type MakeFunctions, noteText, providedFor } from "./provided-functions.js";

/** Number of texts so far. V8 compiles two equal texts to one function, which would collect the type feedback of both. */
let serial = 0;

/** Whether the host allows it; `undefined` before the first try. A policy reports each try, so there is only one. */
let isAllowed: boolean | undefined;

/**
 * Runs a function made of the text `body`.
 * @param scope - the values that the text refers to, by name
 * @returns what the text returns; `undefined` where the host forbids it and no module provides the function
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
    // Errors of the text, and a stack that overflowed, say nothing about the host: the next try may succeed.
    if (isAllowed === true || error instanceof SyntaxError || error instanceof RangeError)
      throw error;
    isAllowed = false;
    return undefined;
  }
}
