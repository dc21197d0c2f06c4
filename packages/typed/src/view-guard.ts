/**
 * Views of heaps on the level `debug`: each access first asks whether what it looks at is still there.
 *
 *   cursor.position.x   ──► position: is the object of the cursor there? ──► guarded view of the part
 *                       ──► x:        the same question                  ──► the number
 *
 * A Proxy around the view, so that views of other levels know nothing of it: an access takes some hundred nanoseconds instead of one.
 * Names that begin with `$` belong to the views and are not asked about, but for `$set`. Not guarded: the typed arrays that columns answer.
 */
import type { Address } from "@perfloc/trim";
import type { CursorBase } from "./cursor-base.js";
import type { TenancyBook } from "./place.js";
import { View } from "./view.js";

/** What tells whether a view may be used. */
interface Watch {
  /** @throws UseAfterDropError, UseAfterFreeError when what lies there is not what lay there */
  check(what: string): void;
}

type Method = (this: object, ...args: unknown[]) => unknown;

/** A cursor that checks each access. It may point nowhere. */
export function guardCursor(cursor: CursorBase, book: TenancyBook): CursorBase {
  const guard = new CursorGuard(cursor.$struct.name, book);
  return guard.guard(cursor);
}

/** A view that checks each access with `watch`. */
export function guardView<Kind extends View>(view: Kind, what: string, watch: Watch): Kind {
  return new ViewGuard(what, watch).guard(view);
}

class ViewGuard implements ProxyHandler<View> {
  protected readonly what: string;
  protected watch: Watch | undefined;
  readonly #guarded = new WeakMap<View, View>();

  constructor(name: string, watch: Watch | undefined) {
    this.what = `a ${name}`;
    this.watch = watch;
  }

  /** The same one for each view. */
  guard<Kind extends View>(view: Kind): Kind {
    const guarded = this.#guarded.get(view) ?? new Proxy<View>(view, this);
    this.#guarded.set(view, guarded);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the proxy of a view is one of its kind
    return guarded as Kind;
  }

  get(target: View, key: string | symbol): unknown {
    if (isOfTheView(key)) return Reflect.get(target, key, target);
    this.watch?.check(this.what);
    const value: unknown = Reflect.get(target, key, target);
    if (value instanceof View) return this.guard(value);
    if (typeof value !== "function") return value;
    if (key === Symbol.iterator) return () => this.#iterate(target);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- views have methods, not classes
    return this.#bound(target, value as Method);
  }

  set(target: View, key: string | symbol, value: unknown): boolean {
    if (!isOfTheView(key)) this.watch?.check(this.what);
    return Reflect.set(target, key, value, target);
  }

  #bound(target: View, method: Method): Method {
    return (...args) => {
      const value = method.apply(target, args);
      return value instanceof View ? this.guard(value) : value;
    };
  }

  *#iterate(target: View): Iterable<unknown> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has the method that was asked for
    for (const value of target as View & Iterable<unknown>) {
      yield value instanceof View ? this.guard(value) : value;
      this.watch?.check(this.what);
    }
  }
}

/** Cursors are asked anew each time they are pointed. */
class CursorGuard extends ViewGuard {
  readonly #book: TenancyBook;

  constructor(name: string, book: TenancyBook) {
    super(name, undefined);
    this.#book = book;
  }

  override get(target: CursorBase, key: string | symbol): unknown {
    if (key !== "$to") return super.get(target, key);
    return (address: Address): CursorBase => {
      target.$to(address);
      const tenancy = this.#book.tenancyAt(address);
      tenancy?.check(this.what);
      this.watch = tenancy;
      return this.guard(target);
    };
  }
}

/** `$set` is not: it writes fields. */
function isOfTheView(key: string | symbol): boolean {
  return typeof key === "string" && key.startsWith("$") && key !== "$set";
}
