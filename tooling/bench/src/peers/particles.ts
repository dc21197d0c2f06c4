/** Particles without Perfloc: by hand, in typed arrays or objects. */
import {
  PARTICLE_ELEMENTS,
  PARTICLES,
  type Particle,
  STEP,
  startParticle,
} from "../particle-shape.js";
import { type ParticleColumns, particleOfColumns, particleWork } from "../particle-work.js";
import type { Work } from "../perfloc/passes.js";

/** Structs one behind the other, in one array: index arithmetic for each field. */
export function makeParticleArray(): Work {
  const numbers = new Float64Array(PARTICLES * PARTICLE_ELEMENTS);
  const end = numbers.length;
  const stride = PARTICLE_ELEMENTS;
  const dt = STEP;
  const field = (offset: number): Float64Array =>
    new Float64Array(numbers.buffer, offset * 8, numbers.length - offset);
  const fields = [0, 1, 2, 3, 4, 5].map(field);
  const [x, y, z, vx, vy, vz] = fields as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const particleOf = particleOfColumns({ x, y, z, vx, vy, vz });
  return particleWork(
    () => {
      for (let at = 0; at < end; at += stride) {
        numbers[at]! += numbers[at + 3]! * dt;
        numbers[at + 1]! += numbers[at + 4]! * dt;
        numbers[at + 2]! += numbers[at + 5]! * dt;
      }
    },
    (index) => particleOf(index * PARTICLE_ELEMENTS),
  );
}

/** An array for each field. */
export function makeParticleColumns(): Work {
  const columns: ParticleColumns = {
    x: new Float64Array(PARTICLES),
    y: new Float64Array(PARTICLES),
    z: new Float64Array(PARTICLES),
    vx: new Float64Array(PARTICLES),
    vy: new Float64Array(PARTICLES),
    vz: new Float64Array(PARTICLES),
  };
  const { x, y, z, vx, vy, vz } = columns;
  const count = PARTICLES;
  const dt = STEP;
  return particleWork(() => {
    for (let index = 0; index < count; index++) {
      x[index]! += vx[index]! * dt;
      y[index]! += vy[index]! * dt;
      z[index]! += vz[index]! * dt;
    }
  }, particleOfColumns(columns));
}

class PlainParticle implements Particle {
  x: number;
  y: number;
  z: number;
  vx: number;
  vy: number;
  vz: number;

  constructor(x: number, y: number, z: number, vx: number, vy: number, vz: number) {
    this.x = x;
    this.y = y;
    this.z = z;
    this.vx = vx;
    this.vy = vy;
    this.vz = vz;
  }
}

/** Instances of a class. Their numbers are doubles from the beginning, as a program's would be. */
export function makeParticleObjects(): Work {
  const particles: PlainParticle[] = [];
  for (let index = 0; index < PARTICLES; index++) {
    const particle = new PlainParticle(0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
    startParticle(particle, index);
    particles.push(particle);
  }
  const count = PARTICLES;
  const dt = STEP;
  return particleWork(
    () => {
      for (let index = 0; index < count; index++) {
        const particle = particles[index]!;
        particle.x += particle.vx * dt;
        particle.y += particle.vy * dt;
        particle.z += particle.vz * dt;
      }
    },
    (index) => particles[index]!,
  );
}
