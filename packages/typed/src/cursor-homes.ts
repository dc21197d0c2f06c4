/**
 * Cursors that are made where they point: a class for each of the first chunks that a struct is seen in.
 *
 *   class of the struct           prototype: the fields, the arrays of nowhere
 *     ^ class of a home           prototype: the arrays and bounds of one chunk
 *         cursor                  { $arena, $offset }
 *
 * A cursor of a home is two properties, so that V8 makes none where the program keeps none: 5 ns for a fresh cursor and a struct
 * update, against 110 with the arrays in each cursor. It can leave for another chunk as every cursor can: what it then is given
 * itself hides what it inherits.
 *
 * A struct has few homes, and keeps them: with more than four shapes of cursors V8 would look each property up in a table.
 */
import type { Address, Arena, TopChunk } from "@perfloc/trim";
import { chunkForStruct } from "./chunk-for-struct.js";
import type { CursorClass } from "./cursor.js";
import { CursorBase, type CursorStruct } from "./cursor-base.js";
import { defineHidden } from "./view.js";

/** Homes of a struct at most. More would help programs whose structs lie in many chunks, until V8 gives up: see above. */
const MAX_HOMES = 2;

/** A chunk that cursors are made in without being pointed. */
export class CursorHome {
  readonly Cursor: CursorClass;
  readonly arena: Arena;
  readonly chunk: TopChunk;
  readonly epoch: number;
  readonly base: Address;
  readonly last: number;
  readonly alignMask: number;
  readonly owners: readonly (object | undefined)[];

  constructor(Cursor: CursorClass, arena: Arena, chunk: TopChunk, struct: CursorStruct) {
    this.Cursor = classAtHome(Cursor, arena, chunk);
    this.arena = arena;
    this.chunk = chunk;
    this.epoch = chunk.epoch;
    this.base = chunk.base;
    this.last = chunk.byteLength - struct.size;
    this.alignMask = -struct.align;
    this.owners = arena.pageOwners;
  }

  /** Whether a struct can be at an address here: what `$to` asks. Hot path: nothing may be added here. */
  has(address: Address): boolean {
    const offset = address - this.base;
    return (
      (offset & this.alignMask) === offset &&
      offset >>> 0 <= this.last &&
      this.owners[address >>> 12] !== undefined &&
      this.chunk.epoch === this.epoch
    );
  }
}

/** The homes of one struct. */
export class CursorHomes {
  readonly #Cursor: CursorClass;
  readonly #struct: CursorStruct;
  readonly #homes: CursorHome[] = [];

  constructor(Cursor: CursorClass, struct: CursorStruct) {
    this.#Cursor = Cursor;
    this.#struct = struct;
  }

  /** The home that has an address, made if there is room for one more. @throws what `$to` throws */
  homeOf(arena: Arena, address: Address): CursorHome | undefined {
    const chunk = chunkForStruct(arena, address, this.#struct);
    const known = this.#homes.find((home) => home.chunk === chunk && home.epoch === chunk.epoch);
    if (known !== undefined || this.#homes.length >= MAX_HOMES) return known;
    const home = new CursorHome(this.#Cursor, arena, chunk, this.#struct);
    this.#homes.push(home);
    return home;
  }
}

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
