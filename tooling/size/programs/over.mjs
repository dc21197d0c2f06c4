/** One struct over bytes that exist already: a packet, a file. */
import { f64, struct, u32 } from "@perfloc/typed";

const Particle = struct("Particle", { mass: f64, id: u32 });
const particle = Particle.over(new ArrayBuffer(Particle.size));
particle.mass = 1.5;
particle.id = 7;
console.log(particle.mass, particle.id);
