/** Starts a module that `src/assemblyscript-module.ts` compiled. */
import { readFileSync } from "node:fs";

/** What is used of WebAssembly: Node's types leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** @returns what the module exports; its memory is large enough from the start, so arrays over it stay */
export function instantiate(path: string): unknown {
  const module = new WebAssembly.Module(readFileSync(path));
  return new WebAssembly.Instance(module, { env: { abort: outOfMemory } }).exports;
}

function outOfMemory(): never {
  throw new RangeError("the module ran out of memory");
}
