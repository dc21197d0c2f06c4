/**
 * `$follow`: moves a cursor to what a reference of a struct refers to.
 *
 *   node.$follow("next")          node.next is 0 ──► false, and the cursor stays
 *                                 else           ──► node.$to(node.next), true
 *   bin.$follow("left", node)     the same with a cursor of the struct that bin.left refers to
 *
 * Each struct has a function of its own with the names of its references in it, as long as the host makes functions of text: 5 ns a step of
 * a list, as much as `$to` and a comparison in the loop. One function for all structs, which gets the field by its name, takes 14.
 */
import { InvalidOptionError, NULL_ADDRESS } from "@perfloc/trim";
import { evaluate } from "../made/evaluate.js";
import { UnknownFieldError } from "../errors.js";
import type { BoundMember, CheckedType } from "../access/codec.js";
import { FieldType } from "../fields/field-type.js";
import { ReferenceType } from "../fields/ref-type.js";
import type { CursorBase } from "./cursor-base.js";
import { defineHidden } from "../access/view.js";

type Follow = (this: CursorBase, name: string, cursor?: CursorBase) => boolean;

/** What the references of a struct refer to, by name. */
type Targets = ReadonlyMap<string, FieldType>;

/** Refuses a name that is no reference, or a cursor of another struct. */
type Refuse = (name: unknown, cursor: unknown) => never;

/** Gives the cursors of a struct their `$follow`. It is made at the first call, when all types that are referred to are made. */
export function defineFollow(
  prototype: CursorBase,
  struct: FieldType,
  members: readonly BoundMember[],
): void {
  const first: Follow = function $follow(this: CursorBase, name, cursor) {
    const follow = makeFollow(struct, members, prototype.$targets);
    defineHidden(prototype, "$follow", follow);
    return follow.call(this, name, cursor);
  };
  defineHidden(prototype, "$follow", first);
  let targets: Targets | undefined;
  Object.defineProperty(prototype, "$targets", {
    configurable: true,
    get: () => (targets ??= targetsOf(struct, members)),
  });
}

function targetsOf(struct: FieldType, members: readonly BoundMember[]): Targets {
  return new Map(
    members.flatMap(({ name, type }): [string, FieldType][] => {
      const reference = referenceIn(type);
      return reference === undefined ? [] : [[name, reference.targetIn(struct)]];
    }),
  );
}

function makeFollow(struct: FieldType, members: readonly BoundMember[], targets: Targets): Follow {
  const names = members.map(({ name }) => name);
  const refuse: Refuse = (name, cursor) => refuseToFollow(struct, names, targets, name, cursor);
  return evaluateFollow(targets, refuse) ?? closedFollow(targets, refuse);
}

/** The reference that a type is, also in another byte order or alignment. */
function referenceIn(type: CheckedType): ReferenceType | undefined {
  const plain = type instanceof FieldType ? type.unmodified : undefined;
  return plain instanceof ReferenceType ? plain : undefined;
}

function evaluateFollow(targets: Targets, refuse: Refuse): Follow | undefined {
  const scope = Object.fromEntries(
    [...targets.values()].map((target, number) => [`target${number}`, target]),
  );
  const branches = [...targets.keys()].map((name, number) => {
    const text = JSON.stringify(name);
    return `if (name === ${text} && cursor?.$type === target${number}) address = this[${text}]; else `;
  });
  const body = `return function $follow(name, cursor = this) {
  let address;
  ${branches.join("\n  ")}refuse(name, cursor);
  if (address === 0) return false;
  cursor.$toReferred(address);
  return true;
};`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text returns one
  return evaluate({ ...scope, refuse }, body) as Follow | undefined;
}

/** The same without text. */
function closedFollow(targets: Targets, refuse: Refuse): Follow {
  return function $follow(this: CursorBase, name, cursor = this) {
    const target = targets.get(name);
    // oxlint-disable-next-line typescript/no-unnecessary-condition -- programs in JavaScript pass anything
    if (target === undefined || cursor?.$type !== target) return refuse(name, cursor);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the field is a reference
    const address = this[name as keyof CursorBase] as unknown as number;
    if (address === NULL_ADDRESS) return false;
    cursor.$toReferred(address);
    return true;
  };
}

function refuseToFollow(
  struct: FieldType,
  names: readonly string[],
  targets: Targets,
  name: unknown,
  cursor: unknown,
): never {
  const field = String(name);
  if (!names.includes(field)) throw new UnknownFieldError(struct.name, field);
  const target = targets.get(field);
  const code = "PERFLOC_TYPED_INVALID_OPTION";
  if (target === undefined) {
    const fact = `field ${field} of struct ${struct.name} is no reference`;
    throw new InvalidOptionError(code, "name", name, fact, "Follow fields of ref() or selfRef.");
  }
  throw new InvalidOptionError(
    code,
    "cursor",
    cursor,
    `field ${field} of struct ${struct.name} refers to a ${target.name}`,
    `Pass a cursor of ${target.name} to move there.`,
  );
}
