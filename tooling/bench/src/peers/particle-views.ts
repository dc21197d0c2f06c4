/** Particles in the views of libraries for structs in an ArrayBuffer, each as its documentation shows it. */
import * as bufferBackedObject from "buffer-backed-object";
import { struct, types } from "memium";
import { View } from "structurae";
import { Struct } from "typed-struct";
import { PARTICLE_BYTES, PARTICLES, type Particle, STEP } from "../particle-shape.js";
import { particleWork } from "../particle-work.js";
import type { Work } from "../perfloc/passes.js";

const FIELDS = ["x", "y", "z", "vx", "vy", "vz"] as const;
const BYTES = PARTICLES * PARTICLE_BYTES;

/** A view for each particle, made in the loop. */
export function makeTypedStructs(): Work {
  const Compiled = new Struct("Particle")
    .Float64LE("x")
    .Float64LE("y")
    .Float64LE("z")
    .Float64LE("vx")
    .Float64LE("vy")
    .Float64LE("vz")
    .compile();
  const bytes = Buffer.alloc(BYTES);
  return viewWork((index) => {
    const at = index * PARTICLE_BYTES;
    return new Compiled(bytes.subarray(at, at + PARTICLE_BYTES), false);
  });
}

/** A view for each particle, made in the loop. */
export function makeMemiumStructs(): Work {
  const fields = Object.fromEntries(FIELDS.map((name) => [name, types.float64]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its declarations do not know fields made in a loop
  const Compiled = struct("Particle", fields, { fastFields: true }) as unknown as new (
    buffer: ArrayBuffer,
    offset: number,
  ) => Particle;
  const buffer = new ArrayBuffer(BYTES);
  return viewWork((index) => new Compiled(buffer, index * PARTICLE_BYTES));
}

/** The library's array: a proxy, whose elements are made when they are first asked for, and kept. */
export function makeBufferBackedObjects(): Work {
  const library = moduleOf(bufferBackedObject);
  const fields = Object.fromEntries(FIELDS.map((name) => [name, library.Float64()]));
  const particles = library.ArrayOfBufferBackedObjects(new ArrayBuffer(BYTES), fields);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its declarations do not know fields made in a loop
  return viewWork((index) => particles[index] as unknown as Particle);
}

/** It has methods instead of properties; its array makes a view for each element that is asked for. */
export function makeStructuraeViews(): Work {
  const view = new View();
  const number = { type: "number", btype: "float64" } as const;
  const properties = { x: number, y: number, z: number, vx: number, vy: number, vz: number };
  const ParticleView = view.create<Particle>({ $id: "Particle", type: "object", properties });
  const buffer = new ArrayBuffer(BYTES);
  const at = (index: number): InstanceType<typeof ParticleView> =>
    new ParticleView(buffer, index * PARTICLE_BYTES, PARTICLE_BYTES);
  const count = PARTICLES;
  const dt = STEP;
  const particleAt = (index: number): Particle =>
    new Proxy<Particle>(Object.create(null), {
      get: (_, name) => at(index).get(name as keyof Particle),
      set(_, name, value: number) {
        at(index).set(name as keyof Particle, value);
        return true;
      },
    });
  return particleWork(() => {
    for (let index = 0; index < count; index++) {
      const particle = at(index);
      particle.set("x", particle.get("x")! + particle.get("vx")! * dt);
      particle.set("y", particle.get("y")! + particle.get("vy")! * dt);
      particle.set("z", particle.get("z")! + particle.get("vz")! * dt);
    }
  }, particleAt);
}

function viewWork(at: (index: number) => Particle): Work {
  const count = PARTICLES;
  const dt = STEP;
  return particleWork(() => {
    for (let index = 0; index < count; index++) {
      const particle = at(index);
      particle.x += particle.vx * dt;
      particle.y += particle.vy * dt;
      particle.z += particle.vz * dt;
    }
  }, at);
}

/** The exports of a module in CommonJS: Node finds them under `default` only. */
function moduleOf<Module>(module: Module): Module {
  return (module as { default?: Module }).default ?? module;
}
