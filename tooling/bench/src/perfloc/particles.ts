/** Particles in Perfloc's structs: the ways to go through them. Each moves all particles by one step. */
import { type Heap, f64, struct } from "@perfloc/typed";
import { PARTICLES, STEP } from "../particle-shape.js";
import { particleOfColumns, particleWork } from "../particle-work.js";
import type { Work } from "./passes.js";

const Particle = struct("Particle", { x: f64, y: f64, z: f64, vx: f64, vy: f64, vz: f64 });

export const particleWays: Readonly<Record<string, (heap: Heap) => Work>> = {
  cursor,
  array,
  at,
  fresh,
  columns,
};

/** One cursor, pointed at each address. */
function cursor(heap: Heap): Work {
  const { address, length } = Particle.array(heap.open("particles"), PARTICLES);
  const particle = Particle.cursor(heap);
  const size = Particle.size;
  const count = length;
  const dt = STEP;
  return particleWork(
    () => {
      for (let index = 0; index < count; index++) {
        particle.$to(address + index * size);
        particle.x += particle.vx * dt;
        particle.y += particle.vy * dt;
        particle.z += particle.vz * dt;
      }
    },
    (index) => particle.$to(address + index * size),
  );
}

/** `for ... of` an array of structs. */
function array(heap: Heap): Work {
  const particles = Particle.array(heap.open("particles"), PARTICLES);
  const dt = STEP;
  return particleWork(
    () => {
      for (const particle of particles) {
        particle.x += particle.vx * dt;
        particle.y += particle.vy * dt;
        particle.z += particle.vz * dt;
      }
    },
    (index) => particles.at(index),
  );
}

/** An array of structs by index. */
function at(heap: Heap): Work {
  const particles = Particle.array(heap.open("particles"), PARTICLES);
  const count = particles.length;
  const dt = STEP;
  return particleWork(
    () => {
      for (let index = 0; index < count; index++) {
        const particle = particles.at(index);
        particle.x += particle.vx * dt;
        particle.y += particle.vy * dt;
        particle.z += particle.vz * dt;
      }
    },
    (index) => particles.at(index),
  );
}

/** A cursor of its own for each struct. */
function fresh(heap: Heap): Work {
  const { address, length } = Particle.array(heap.open("particles"), PARTICLES);
  const size = Particle.size;
  const count = length;
  const dt = STEP;
  return particleWork(
    () => {
      for (let index = 0; index < count; index++) {
        const particle = Particle.cursor(heap, address + index * size);
        particle.x += particle.vx * dt;
        particle.y += particle.vy * dt;
        particle.z += particle.vz * dt;
      }
    },
    (index) => Particle.cursor(heap, address + index * size),
  );
}

/** The fields as typed arrays. */
function columns(heap: Heap): Work {
  const { x, y, z, vx, vy, vz } = Particle.columns(heap.open("particles"), PARTICLES);
  const count = PARTICLES;
  const dt = STEP;
  return particleWork(() => {
    for (let index = 0; index < count; index++) {
      x[index]! += vx[index]! * dt;
      y[index]! += vy[index]! * dt;
      z[index]! += vz[index]! * dt;
    }
  }, particleOfColumns({ x, y, z, vx, vy, vz }));
}
