/** One struct, for its layout alone: where another program has put the fields. */
import { f64, struct, u32 } from "@perfloc/typed";

const Particle = struct("Particle", { mass: f64, id: u32 });
console.log(Particle.size, Particle.align, Particle.offsetOf("id"));
