/**
 * Equality of views in tests. The fields of a view are properties of its prototype, which deep equality does not look at: it
 * finds two cursors on different structs equal, or the same two structs different.
 */
import { StructArrayView } from "./struct-array.js";
import { View } from "../access/view.js";

/** What a test runner gives to its testers. */
interface TesterContext {
  equals(a: unknown, b: unknown, customTesters?: unknown[]): boolean;
}

/**
 * A tester for `expect.addEqualityTesters` of vitest and jest: cursors, nested views and arrays of structs are equal to what
 * has the same values, be it another view or a plain object.
 * @example
 * ```ts
 * expect.addEqualityTesters([equalViews]);
 * expect(Particle.cursor(heap, address)).toEqual({ mass: 1.5, alive: true, id: 7 });
 * ```
 * @public
 */
export function equalViews(this: TesterContext, a: unknown, b: unknown): boolean | undefined {
  if (!isView(a) && !isView(b)) return undefined;
  // oxlint-disable-next-line oxc/no-this-in-exported-function -- test runners call their testers as methods
  return this.equals(plainOf(a), plainOf(b));
}

function isView(value: unknown): value is View | StructArrayView {
  return value instanceof View || value instanceof StructArrayView;
}

/** A view as a plain value; anything else as it is. */
function plainOf(value: unknown): unknown {
  if (value instanceof StructArrayView) return value.toArray();
  if (!(value instanceof View)) return value;
  return value.$chunk === undefined ? `${value.$typeName} (points nowhere)` : value.$read();
}
