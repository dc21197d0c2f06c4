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

/** The particles of columns: one object, moved from one to the next, because making one takes longer than a step of all. */
export function particleOfColumns(columns: ParticleColumns): (index: number) => Particle {
  const particle = new ColumnParticle(columns);
  return (index) => {
    particle.index = index;
    return particle;
  };
}

class ColumnParticle implements Particle {
  readonly columns: ParticleColumns;
  index = 0;

  constructor(columns: ParticleColumns) {
    this.columns = columns;
  }

  get x(): number {
    return this.columns.x[this.index]!;
  }

  set x(value: number) {
    this.columns.x[this.index] = value;
  }

  get y(): number {
    return this.columns.y[this.index]!;
  }

  set y(value: number) {
    this.columns.y[this.index] = value;
  }

  get z(): number {
    return this.columns.z[this.index]!;
  }

  set z(value: number) {
    this.columns.z[this.index] = value;
  }

  get vx(): number {
    return this.columns.vx[this.index]!;
  }

  set vx(value: number) {
    this.columns.vx[this.index] = value;
  }

  get vy(): number {
    return this.columns.vy[this.index]!;
  }

  set vy(value: number) {
    this.columns.vy[this.index] = value;
  }

  get vz(): number {
    return this.columns.vz[this.index]!;
  }

  set vz(value: number) {
    this.columns.vz[this.index] = value;
  }
}
