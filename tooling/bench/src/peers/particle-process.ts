/**
 * The process that measures loops over particles without Perfloc:
 *
 *     node particle-process.js WAY PASSES
 *
 * A library is only loaded where it is measured.
 */
import { timePasses, type Work } from "../perfloc/passes.js";

const [, , way = "", passCount] = process.argv;
console.log(JSON.stringify(timePasses(await make(way), Number(passCount))));

async function make(name: string): Promise<Work> {
  const byHand = await import("./particles.js");
  if (name === "array") return byHand.makeParticleArray();
  if (name === "columns") return byHand.makeParticleColumns();
  if (name === "objects") return byHand.makeParticleObjects();
  const views = await import("./particle-views.js");
  if (name === "typed-struct") return views.makeTypedStructs();
  if (name === "memium") return views.makeMemiumStructs();
  if (name === "buffer-backed-object") return views.makeBufferBackedObjects();
  return views.makeStructuraeViews();
}
