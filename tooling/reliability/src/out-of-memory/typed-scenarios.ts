/** Structs, arrays, columns, strings and collections. */
import { HashMap, Utf8, Vec, array, f64, struct, u32, utf8 } from "@perfloc/typed";
import type { Scenario } from "./scenario.js";

const Particle = struct("Particle", { mass: f64, position: array(f64, 3), id: u32 });
const Person = struct("Person", { id: u32, name: utf8, street: utf8 });

const PAGES = { maxChunkBytes: 4096 } as const;

export const typedScenarios: readonly Scenario[] = [
  {
    name: "struct.alloc: with values",
    play: (stage) => {
      const context = stage.open("particles", PAGES);
      const addresses = Array.from({ length: 600 }, (_, id) =>
        stage.call(() => Particle.alloc(context, { mass: id, position: [id, 0, 1], id })),
      );
      return addresses.map((address) => Particle.toObject(stage.heap, address));
    },
  },
  {
    name: "struct.alloc: with strings in its fields",
    freesAgain: true,
    play: (stage) => {
      const context = stage.open("people", PAGES);
      const addresses = Array.from({ length: 60 }, (_, id) =>
        stage.call(() =>
          Person.alloc(context, { id, name: "n".repeat(id * 9), street: "s".repeat(900) }),
        ),
      );
      return addresses.map((address) => Person.toObject(stage.heap, address));
    },
  },
  {
    name: "struct.alloc: with strings in its fields, in a bump context",
    freesAgain: true,
    play: (stage) => {
      const context = stage.open("people", { kind: "bump", ...PAGES });
      const addresses = Array.from({ length: 60 }, (_, id) =>
        stage.call(() =>
          Person.alloc(context, { id, name: "n".repeat(id * 9), street: "s".repeat(900) }),
        ),
      );
      return addresses.map((address) => Person.toObject(stage.heap, address));
    },
  },
  {
    name: "struct.array",
    play: (stage) => {
      const context = stage.open("arrays");
      return [10, 100, 1000, 3000].map((length) => {
        const particles = stage.call(() => Particle.array(context, length));
        let id = 0;
        for (const particle of particles) particle.id = id++;
        return particles.at(length - 1).id;
      });
    },
  },
  {
    name: "struct.columns",
    play: (stage) => {
      const context = stage.open("columns", { kind: "bump" });
      return [10, 100, 1000, 3000].map((length) => {
        const columns = stage.call(() => Particle.columns(context, length));
        columns.mass.fill(length);
        return columns.mass.reduce((sum, mass) => sum + mass, 0);
      });
    },
  },
  {
    name: "a field of type utf8",
    play: (stage) => {
      const context = stage.open("people", PAGES);
      const person = Person.cursor(
        context,
        stage.call(() => Person.alloc(context)),
      );
      for (let step = 0; step < 40; step++)
        stage.call(() => {
          person.name = "n".repeat(step * 30);
        });
      return person.name;
    },
  },
  {
    name: "struct.fromObject: two strings in one call",
    freesAgain: true,
    play: (stage) => {
      const context = stage.open("people", PAGES);
      const address = stage.call(() => Person.alloc(context));
      for (let id = 0; id < 40; id++)
        stage.call(() => {
          const person = { id, name: "n".repeat(500 + id), street: "s".repeat(900 + id) };
          Person.fromObject(context, address, person);
        });
      return Person.toObject(context, address);
    },
  },
  {
    name: "Utf8.alloc",
    play: (stage) => {
      const texts = new Utf8(stage.open("texts", { kind: "bump", maxChunkBytes: 4096 }));
      const addresses = Array.from({ length: 120 }, (_, n) =>
        stage.call(() => texts.alloc("ä€😀".repeat(n))),
      );
      return addresses.map((address) => texts.read(address));
    },
  },
  {
    name: "Vec.push: numbers",
    play: (stage) => {
      const vec = new Vec(stage.open("numbers"), f64);
      for (let n = 0; n < 20_000; n++) stage.call(() => vec.push(n));
      return vec.toArray();
    },
  },
  {
    name: "Vec.push: structs; in a bump context",
    play: (stage) => {
      const vec = Particle.vector(stage.open("structs", { kind: "bump" }));
      for (let id = 0; id < 2000; id++)
        stage.call(() => vec.push({ mass: id, position: [0, id, 0], id }));
      return vec.toArray();
    },
  },
  {
    name: "Vec.append and Vec.reserve",
    play: (stage) => {
      const context = stage.open("reserved");
      const vec = Particle.vector(context);
      for (const capacity of [10, 500, 2000]) {
        stage.call(() => {
          vec.reserve(capacity);
        });
        stage.call(() => vec.append()).id = capacity;
      }
      return vec.toArray();
    },
  },
  {
    name: "new Vec: with room from the beginning",
    play: (stage) => {
      const context = stage.open("arrays");
      const vecs = [100, 1000, 5000, 20_000].map((capacity) =>
        stage.call(() => new Vec(context, f64, { capacity })),
      );
      return [vecs.map(({ capacity }) => capacity), stage.heap.stats().contexts];
    },
  },
  {
    name: "new HashMap: with room from the beginning",
    play: (stage) => {
      const context = stage.open("maps");
      for (const entries of [50, 500, 3000])
        stage.call(() => new HashMap(context, u32, f64, { entries }));
      return stage.heap.stats().contexts;
    },
  },
  {
    name: "HashMap.set: numbers",
    play: (stage) => {
      const map = new HashMap(stage.open("numbers"), u32, f64);
      for (let n = 0; n < 4000; n++) stage.call(() => map.set(n * 7919, n));
      return [...map.toMap()];
    },
  },
  {
    name: "HashMap.set: strings",
    play: (stage) => {
      const map = new HashMap(stage.open("strings"), utf8, u32);
      for (let n = 0; n < 1500; n++)
        stage.call(() => map.set(`key number ${n} of them ${"x".repeat(n % 40)}`, n));
      for (let n = 0; n < 500; n++) map.delete(`key number ${n} of them ${"x".repeat(n % 40)}`);
      return [...map.toMap()];
    },
  },
  {
    name: "Vec.push and HashMap.set: structs with strings",
    freesAgain: true,
    play: (stage) => {
      const context = stage.open("people", PAGES);
      const vec = stage.call(() => new Vec(context, Person, { capacity: 40 }));
      const map = stage.call(() => new HashMap(context, utf8, Person, { entries: 40 }));
      for (let id = 0; id < 40; id++) {
        const person = { id, name: "n".repeat(300 + id), street: "s".repeat(900 + id) };
        stage.call(() => vec.push(person));
        stage.call(() => map.set(`${id % 10}`, person));
      }
      return [vec.toArray(), [...map.toMap()]];
    },
  },
  {
    name: "HashMap.obtain and HashMap.reserve: structs",
    play: (stage) => {
      const map = new HashMap(stage.open("structs"), u32, Particle);
      for (const entries of [10, 300, 1000]) {
        stage.call(() => {
          map.reserve(entries);
        });
        for (let id = 0; id < entries; id++) stage.call(() => map.obtain(id)).id = id;
      }
      return [...map.toMap()];
    },
  },
  {
    name: "collections of a context with a mark, rolled back",
    play: (stage) => {
      const context = stage.open("marked");
      const sizes: number[] = [];
      for (let cycle = 0; cycle < 5; cycle++) {
        const mark = context.checkpoint();
        const vec = stage.call(() => new Vec(context, u32));
        const map = stage.call(() => new HashMap(context, u32, u32));
        for (let n = 0; n < 800; n++) {
          stage.call(() => vec.push(n));
          stage.call(() => map.set(n, n));
        }
        sizes.push(vec.length, map.size);
        context.rollback(mark);
      }
      return sizes;
    },
  },
];
