/** The particles of the `struct-*` rows: six numbers each, of which a step reads all and writes three. */

export const PARTICLES = 262_144;

/** Bytes of a particle, and elements of a Float64Array. */
export const PARTICLE_BYTES = 48;
export const PARTICLE_ELEMENTS = 6;

/** Seconds of a step. A power of two: every way of adding gives the same sum. */
export const STEP = 0.25;

export interface Particle {
  x: number;
  y: number;
  z: number;
  vx: number;
  vy: number;
  vz: number;
}

/** How a particle begins. */
export function startParticle(particle: Particle, index: number): void {
  particle.x = index;
  particle.y = 2 * index;
  particle.z = 3 * index;
  particle.vx = index & 7;
  particle.vy = index & 15;
  particle.vz = index & 31;
}

/** What is read back from a particle. */
export function readParticle({ x, y, z }: Particle): number {
  return x + y + z;
}
