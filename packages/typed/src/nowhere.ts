/**
 * What a cursor has in the place of its typed arrays until it points somewhere: an object that throws whatever is read from
 * it or written to it, so that the accessors need no test of their own. Rejected: empty typed arrays, which read as
 * undefined, drop what is written, and slow the accessors of all structs down for good once that has happened.
 */
import { type Arena, NULL_ADDRESS } from "@perfloc/trim";
import { NullReferenceError } from "./errors.js";
import type { Memory } from "./memory.js";

/** The memory of a cursor that points nowhere. */
export function makeNowhere(structName: string, arena: Arena): Memory {
  const refuse = (): never => {
    throw new NullReferenceError(
      `holds no ${structName}: the cursor points nowhere yet`,
      "Point it with $to(address), or pass an address to cursor().",
    );
  };
  const nowhere: any = new Proxy({}, { get: refuse, set: refuse });
  return {
    $arena: arena,
    $base: NULL_ADDRESS,
    $i8: nowhere,
    $u8: nowhere,
    $i16: nowhere,
    $u16: nowhere,
    $i32: nowhere,
    $u32: nowhere,
    $i64: nowhere,
    $u64: nowhere,
    $f32: nowhere,
    $f64: nowhere,
    $view: nowhere,
  };
}
