/** Views of elements at check level `debug`: each access checks that the collection is there, and that its elements have not moved. */
import { type Lifetime, type MemoryContext, UseAfterDropError } from "@perfloc/trim";
import type { Codec } from "../access/codec.js";
import type { View } from "../access/view.js";
import { checkLifetime } from "../views/check-lifetime.js";
import { guardView } from "../views/view-guard.js";
import type { Guard } from "./collection.js";

/** The views of elements that check each access, one for each place where the elements have lain. */
export class GuardedElements {
  readonly #typeName: string;
  readonly #codec: Codec;
  readonly #home: MemoryContext;
  readonly #guard: Guard;
  #watch: HomeWatch | undefined;

  constructor(typeName: string, codec: Codec, home: MemoryContext, guard: Guard) {
    this.#typeName = typeName;
    this.#codec = codec;
    this.#home = home;
    this.#guard = guard;
  }

  /** A view for the next place. Those before it are refused from now on. */
  next(): View {
    if (this.#watch !== undefined) this.#watch.hasMoved = true;
    this.#watch = new HomeWatch(this.#home, this.#guard);
    return guardView(this.#codec.makeView!(this.#home.arena), this.#typeName, this.#watch);
  }
}

/** Whether the context of a collection is there, and its elements have not moved. */
class HomeWatch {
  readonly #home: MemoryContext;
  readonly #lifetime: Lifetime;
  readonly #guard: Guard;
  /** Whether the collection grew into another place. */
  hasMoved = false;

  constructor(home: MemoryContext, guard: Guard) {
    this.#home = home;
    this.#lifetime = home.lifetime;
    this.#guard = guard;
  }

  /** The guard is asked first: after a rollback the context of the collection is only dropped when it is asked. */
  check(what: string): void {
    if (this.#guard.isDropped || this.#lifetime.isOver)
      checkLifetime(this.#lifetime, this.#home, what);
    if (!this.hasMoved) return;
    throw new UseAfterDropError(
      "PERFLOC_TYPED_ELEMENT_MOVED",
      this.#home.name,
      `cannot use ${what} of ${this.#home.name}: its elements moved when it grew`,
      "Ask for the element again, with at() or get().",
    );
  }
}
