/**
 * Views of heaps on the level `debug`: each access first asks whether what it looks at is still there.
 *
 *   cursor.position.x   ──► position: is the object of the cursor there? ──► guarded view of the part
 *                       ──► x:        the same question                  ──► the number
 *
 * A Proxy around the view, so that views of other levels know nothing of it: an access takes some hundred nanoseconds instead of one.
 * A part stays where it was returned when its cursor moves on, and so does what it is asked about: each view has a watch of its own.
 * Names that begin with `$` belong to the views and are not asked about, but for what reads or writes a whole value. Not guarded: the
 * typed arrays that columns return.
 */
import { type Address, NULL_ADDRESS } from "@perfloc/trim";
import { checkTarget } from "./check-target.js";
import type { CursorBase } from "./cursor-base.js";
import type { ObjectIdentityTable } from "./place.js";
import { View } from "../access/view.js";

/** What tells whether a view may be used. */
interface Watch {
  /** @throws UseAfterDropError, UseAfterFreeError when what lies there is not what lay there */
  check(what: string): void;
}

/** The names with `$` that read or write a value. */
const WHOLE_VALUE: ReadonlySet<string> = new Set(["$set", "$read", "$print"]);

type Method = (this: object, ...args: unknown[]) => unknown;

/** A cursor that checks each access. It may point nowhere. */
export function guardCursor(cursor: CursorBase, identities: ObjectIdentityTable): CursorBase {
  const guard = new CursorGuard(cursor.$struct.name, identities);
  return guard.guard(cursor);
}

/** A view that checks each access with `watch`. */
export function guardView<Kind extends View>(view: Kind, what: string, watch: Watch): Kind {
  return new ViewGuard(`a ${what}`, watch).guard(view);
}

/** The guard of each proxy. */
const guards = new WeakMap<object, ViewGuard>();

/** A view that is used as a value, without its guard: one that is set to itself is known by being the same. */
function withoutGuard(value: unknown): unknown {
  return value instanceof View ? (guards.get(value)?.checkedView() ?? value) : value;
}

class ViewGuard implements ProxyHandler<View> {
  protected readonly what: string;
  protected watch: Watch | undefined;
  #proxy: View | undefined;
  #view: View | undefined;
  readonly #parts = new WeakMap<View, ViewGuard>();

  constructor(what: string, watch: Watch | undefined) {
    this.what = what;
    this.watch = watch;
  }

  /** The same one each time. A guard has one view. */
  guard<Kind extends View>(view: Kind): Kind {
    if (this.#proxy === undefined) {
      this.#proxy = new Proxy<View>(view, this);
      this.#view = view;
      guards.set(this.#proxy, this);
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the proxy of a view is one of its kind
    return this.#proxy as Kind;
  }

  /** The view itself, for what reads it as a whole, once. */
  checkedView(): View | undefined {
    this.watch?.check(this.what);
    return this.#view;
  }

  /** The same one for each part, from now on where this view is now. */
  #guardPart(part: View): View {
    const guard = this.#parts.get(part) ?? new ViewGuard(this.what, undefined);
    this.#parts.set(part, guard);
    guard.watch = this.watch;
    return guard.guard(part);
  }

  get(target: View, key: string | symbol): unknown {
    if (isOfTheView(key)) return Reflect.get(target, key, target);
    this.watch?.check(this.what);
    const value: unknown = Reflect.get(target, key, target);
    if (value instanceof View) return this.#guardPart(value);
    if (typeof value !== "function") return value;
    if (key === Symbol.iterator) return () => this.#iterate(target);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- views have methods, not classes
    return this.#bound(target, value as Method);
  }

  set(target: View, key: string | symbol, value: unknown): boolean {
    if (!isOfTheView(key)) this.watch?.check(this.what);
    return Reflect.set(target, key, withoutGuard(value), target);
  }

  #bound(target: View, method: Method): Method {
    return (...args) => {
      const value = method.apply(target, args.map(withoutGuard));
      return value instanceof View ? this.#guardPart(value) : value;
    };
  }

  *#iterate(target: View): Iterable<unknown> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has the method that was asked for
    for (const value of target as View & Iterable<unknown>) {
      yield value instanceof View ? this.#guardPart(value) : value;
      this.watch?.check(this.what);
    }
  }
}

/** Cursors are asked anew each time they are pointed. */
class CursorGuard extends ViewGuard {
  readonly #identities: ObjectIdentityTable;

  constructor(name: string, identities: ObjectIdentityTable) {
    super(`a ${name}`, undefined);
    this.#identities = identities;
  }

  override get(target: CursorBase, key: string | symbol): unknown {
    if (key === "$to") return (address: Address) => this.#pointTo(target, address, false);
    if (key === "$toReferred") return (address: Address) => this.#pointTo(target, address, true);
    return super.get(target, key);
  }

  /** What is assigned to a reference has to be what it refers to. */
  override set(target: CursorBase, key: string | symbol, value: unknown): boolean {
    const referred = typeof key === "string" ? target.$targets.get(key) : undefined;
    if (referred !== undefined && typeof value === "number" && value !== NULL_ADDRESS)
      checkTarget(this.#identities.identityAt(value), value, referred);
    return super.set(target, key, value);
  }

  #pointTo(target: CursorBase, address: Address, isReferred: boolean): CursorBase {
    target.$chunkFor(address);
    const identity = this.#identities.identityAt(address);
    identity?.check(this.what);
    if (isReferred) checkTarget(identity, address, target.$type);
    target.$to(address);
    this.watch = identity;
    return this.guard(target);
  }
}

function isOfTheView(key: string | symbol): boolean {
  return typeof key === "string" && key.startsWith("$") && !WHOLE_VALUE.has(key);
}
