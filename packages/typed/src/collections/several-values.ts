/** Several values that are pushed at once: all of them, or none. */
import { type TextUndo, writeOrUndo } from "../access/text-undo.js";
import { View } from "../access/view.js";
import { type FieldPlace, InvalidValueError } from "../errors.js";
import type { Slots } from "./slots.js";

/**
 * What `writeAll` is to store for values.
 * @throws InvalidValueError, also for a view that is among them twice: it was moved when it was asked for again
 */
export function settleAll(slots: Slots, values: readonly unknown[]): unknown[] {
  return values.map((value): unknown => {
    if (value instanceof View && values.indexOf(value) !== values.lastIndexOf(value))
      throw passedTwice(slots.place, value);
    return slots.settle(value);
  });
}

/**
 * Stores values from a slot on that lies beyond the elements: if a value is refused or finds no room, those stored before it are not counted.
 * @throws InvalidValueError
 */
export function writeAll(slots: Slots, first: number, values: readonly unknown[]): void {
  const writeEach = (undo?: TextUndo): void => {
    for (const [index, value] of values.entries())
      if (!slots.write(first + index, value, undo)) slots.refuse(value);
  };
  if (!slots.storesTexts) writeEach();
  else {
    const byteLength = values.length * slots.stride;
    writeOrUndo({ $u8: slots.bytes }, slots.offset + first * slots.stride, byteLength, writeEach);
  }
}

function passedTwice(place: FieldPlace, view: View): InvalidValueError {
  return new InvalidValueError(
    place,
    view,
    "was passed the same view twice: at() returns one view, which moves when it is asked for again",
    "Pass them one by one, or as plain objects.",
  );
}
