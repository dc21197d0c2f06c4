/** The work of the `struct-*` rows, whatever the particles are made of. */
import { PARTICLES, type Particle, readParticle, startParticle } from "./particle-shape.js";
import type { Work } from "./perfloc/passes.js";

/**
 * @param step - moves all particles by one step: the loop that is timed
 * @param particleAt - one particle, for what is not timed
 */
export function particleWork(step: () => void, particleAt: (index: number) => Particle): Work {
  const startAll = (): void => {
    for (let index = 0; index < PARTICLES; index++) startParticle(particleAt(index), index);
  };
  startAll();
  return {
    operations: PARTICLES,
    runsPerPass: 1,
    run() {
      step();
      return 0;
    },
    readBack() {
      let sum = 0;
      for (let index = 0; index < PARTICLES; index++) sum += readParticle(particleAt(index));
      return sum;
    },
    cleanUp: startAll,
  };
}

/** The numbers of all particles, one array a field. */
export type ParticleColumns = { readonly [Name in keyof Particle]: Float64Array };

/** A particle of columns: as slow as what is not timed may be. */
export function particleOfColumns(columns: ParticleColumns): (index: number) => Particle {
  return (index) => ({
    get x() {
      return columns.x[index]!;
    },
    set x(value) {
      columns.x[index] = value;
    },
    get y() {
      return columns.y[index]!;
    },
    set y(value) {
      columns.y[index] = value;
    },
    get z() {
      return columns.z[index]!;
    },
    set z(value) {
      columns.z[index] = value;
    },
    get vx() {
      return columns.vx[index]!;
    },
    set vx(value) {
      columns.vx[index] = value;
    },
    get vy() {
      return columns.vy[index]!;
    },
    set vy(value) {
      columns.vy[index] = value;
    },
    get vz() {
      return columns.vz[index]!;
    },
    set vz(value) {
      columns.vz[index] = value;
    },
  });
}
