/**
 * The process that measures loops over structs in Perfloc:
 *
 *     node particle-process.js cursor|array|at|fresh|columns PASSES
 */
import { Heap } from "@perfloc/typed";
import { particleWays } from "./particles.js";
import { timePasses } from "./passes.js";

const [, , way, passCount] = process.argv;
const work = particleWays[way ?? ""]!(new Heap());
console.log(JSON.stringify(timePasses(work, Number(passCount))));
