/** One struct in a heap: a context, objects, a cursor. */
import { f64, Heap, struct, u32 } from "@perfloc/typed";

const Particle = struct("Particle", { mass: f64, id: u32 });
const heap = new Heap();
const frame = heap.open("frame");
const particle = Particle.cursor(frame, Particle.alloc(frame, { mass: 1.5, id: 7 }));
particle.mass += 1;
console.log(particle.mass, particle.id);
