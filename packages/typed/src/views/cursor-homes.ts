/**
 * Cursors that are made where they point: a class for each of the first chunks that a struct is seen in.
 *
 *   class of the struct           prototype: the fields, the arrays of nowhere
 *     ^ class of a home           prototype: the arrays and bounds of one chunk
 *         cursor                  { $arena, $offset }
 *
 * A cursor of a home is two properties, so that V8 makes none where the program keeps none: 5 ns for a fresh cursor and a struct
 * update, against 110 with the arrays in each cursor. It can move to another chunk as every cursor can: its own properties then
 * hide the inherited ones.
 *
 * A struct has few homes: with more than four shapes of cursors V8 would look each property up in a table. A home goes when its chunk is
 * released, with its arena, or when the program has gone on to another heap. It is kept by its arena, not by the struct, which lives as
 * long as the program.
 */
import type { Address, Arena, TopChunk } from "@perfloc/trim";
import { chunkForStruct } from "./chunk-for-struct.js";
import type { CursorClass } from "./cursor.js";
import { CursorBase, type CursorStruct, type PagePlanes } from "./cursor-base.js";
import { defineHidden } from "../access/view.js";

/** Homes of a struct at most. More would help programs whose structs lie in many chunks, until V8 gives up: see above. */
const MAX_HOMES = 2;

/** Homes of a struct that are ever made: with the shape of cursors without a home, the four that V8 tells apart. */
const MAX_MADE = 3;

/**
 * Cursors in a row without a home before another home is made than the first ones: a class costs some ten microseconds, such a cursor
 * some tenths of one. Fewer, and heaps that see a few cursors each would make a class each.
 */
const PATIENCE = 64;

/** What remembers the home of its last cursor. */
interface HomeKeeper {
  /** Called when a home is gone. */
  leaveHome(home: CursorHome): void;
}

/** A chunk that cursors are made in without being pointed. */
export class CursorHome {
  readonly Cursor: CursorClass;
  readonly arena: Arena;
  readonly chunk: TopChunk;
  readonly epoch: number;
  readonly base: Address;
  readonly last: number;
  readonly alignMask: number;
  readonly planes: PagePlanes;
  isThere = true;
  /** Ends the watch for the release of its chunk. */
  stopWatching: () => void = () => undefined;

  constructor(Cursor: CursorClass, arena: Arena, chunk: TopChunk, struct: CursorStruct) {
    this.Cursor = classAtHome(Cursor, arena, chunk);
    this.arena = arena;
    this.chunk = chunk;
    this.epoch = chunk.epoch;
    this.base = chunk.base;
    this.last = chunk.byteLength - struct.size;
    this.alignMask = -struct.align;
    this.planes = arena.planes;
  }

  /** Whether a struct can be at an address here: what `$to` asks. Hot path: nothing may be added here. */
  has(address: Address): boolean {
    const offset = address - this.base;
    return (
      (offset & this.alignMask) === offset &&
      offset >>> 0 <= this.last &&
      this.planes.pages[(address >>> 12) << 3]! > 0 &&
      this.chunk.epoch === this.epoch
    );
  }
}

/** The homes of one struct. */
export class CursorHomes {
  readonly #Cursor: CursorClass;
  readonly #struct: CursorStruct;
  /** An arena keeps its homes, and is collected with them. */
  readonly #homes = new WeakMap<Arena, Set<CursorHome>>();
  /** All of them, oldest first. */
  #all: readonly WeakRef<CursorHome>[] = [];
  #misses = 0;
  #made = 0;

  constructor(Cursor: CursorClass, struct: CursorStruct) {
    this.#Cursor = Cursor;
    this.#struct = struct;
  }

  /**
   * The home that has an address, made if there is room for one more.
   * @param current - the home of the last cursor, which stays
   * @throws what `$to` throws
   */
  homeOf(
    arena: Arena,
    address: Address,
    current: CursorHome | undefined,
    keeper: HomeKeeper,
  ): CursorHome | undefined {
    const chunk = chunkForStruct(arena, address, this.#struct);
    for (const home of this.#homes.get(arena) ?? []) {
      if (home.chunk === chunk && home.epoch === chunk.epoch) {
        this.#misses = 0;
        return home;
      }
    }
    return this.#hasRoom(arena, current) ? this.#make(arena, chunk, keeper) : undefined;
  }

  /**
   * Whether one more home can be made. Of two heaps or more that take turns, the one that was not used lately makes room; of one heap none
   * does, whose chunks take turns in steady state.
   */
  #hasRoom(arena: Arena, current: CursorHome | undefined): boolean {
    if (this.#made < MAX_HOMES) return true;
    if (this.#made >= MAX_MADE || ++this.#misses < PATIENCE) return false;
    this.#misses = 0;
    const homes = this.#all.map((home) => home.deref()).filter((home) => home?.isThere === true);
    if (homes.length >= MAX_HOMES) {
      const oldest = homes.findIndex((home) => home !== current && home?.arena !== arena);
      if (oldest < 0) return false;
      const [home] = homes.splice(oldest, 1);
      this.giveUp(home!);
    }
    this.#all = homes.map((home) => new WeakRef(home!));
    return true;
  }

  #make(arena: Arena, chunk: TopChunk, keeper: HomeKeeper): CursorHome {
    const home = new CursorHome(this.#Cursor, arena, chunk, this.#struct);
    this.#made++;
    home.stopWatching = watchRelease(arena, chunk, new WeakRef(this), home, keeper);
    const ofArena = this.#homes.get(arena) ?? new Set();
    this.#homes.set(arena, ofArena.add(home));
    this.#all = [...this.#all, new WeakRef(home)];
    return home;
  }

  /** Its cursors stay what they are. @internal */
  giveUp(home: CursorHome): void {
    home.isThere = false;
    home.stopWatching();
    this.#homes.get(home.arena)?.delete(home);
  }
}

/**
 * Gives a home up when its chunk is released. An arena outlives the types that were used in it: it may keep none of them, and the watch ends
 * with the type.
 */
function watchRelease(
  arena: Arena,
  chunk: TopChunk,
  homes: WeakRef<CursorHomes>,
  home: CursorHome,
  keeper: HomeKeeper,
): () => void {
  const [weakHome, weakKeeper] = [new WeakRef(home), new WeakRef(keeper)];
  const stop = arena.watchHeld((changed, byteLength) => {
    if (changed !== chunk || byteLength > 0) return;
    const gone = weakHome.deref();
    if (gone === undefined) return;
    homes.deref()?.giveUp(gone);
    weakKeeper.deref()?.leaveHome(gone);
  });
  endedTypes.register(keeper, stop);
  return stop;
}

const endedTypes = new FinalizationRegistry<() => void>((stop) => stop());

/**
 * A class with a constructor of its own, which inherits all else: V8 11 makes an object for each `new` of a class that
 * extends another, also where nothing keeps it.
 */
function classAtHome(Cursor: CursorClass, arena: Arena, chunk: TopChunk): CursorClass {
  class CursorAtHome {
    readonly $arena: Arena;
    $offset: number;

    /** What the constructor of views does. */
    constructor(at: Arena, offset: number = 0) {
      this.$arena = at;
      this.$offset = offset;
    }
  }
  Object.setPrototypeOf(CursorAtHome.prototype, Cursor.prototype);
  // What entering gives a cursor, its class gets.
  const { prototype } = CursorAtHome;
  defineHidden(prototype, "$arena", arena);
  CursorBase.prototype.$enter.call(unfollowed(prototype), chunk);
  return unfollowed(CursorAtHome);
}

/** What is made by other means than the compiler follows: whatever it is to be. */
function unfollowed(made: unknown): any {
  return made;
}
