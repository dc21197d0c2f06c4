/**
 * Makes a malloc trace with the sizes and lifetimes of a distribution:
 *
 *     fill                 settle                             timed
 *     a 0 40, a 1 8, ...   f 17, a 17 64, f 3, a 3 16, ...    f 5, a 5 32, ...
 *
 * The fill draws objects as they are found alive, until enough bytes are. Then each step kills one object and makes one, which
 * takes the dead one's id: which die follows from lifetimes, which are born from allocation rates. So births and deaths of each
 * size keep the balance that the service has, and every object is live between two steps. That lets the timed part follow
 * itself as often as one likes: its first steps kill what its last steps made.
 *
 * The lifetimes of a size are exponential, because rate and count say no more than the mean: as in fleetbench's empirical driver.
 */
import { randomFrom } from "@perfloc-tooling/testkit";
import { type MallocTrace, OP_ALLOC, OP_FREE, RECORD_LENGTH } from "@perfloc-tooling/traces";
import type { FleetSize } from "./fleet-distributions.js";
import { WeightedChoice } from "./weighted-choice.js";

/** Of all live bytes. A single object beyond that would make their sum jump; few services have any in so small a heap. */
const LARGEST_SHARE = 1 / 64;

/** In the timed part, or as many as there are objects if those are fewer: a pass of 30 ms. */
const TIMED_REPLACEMENTS = 200_000;

const SEED = 20_240_607;

/** A trace whose end may be replayed again and again. */
export interface SteadyTrace {
  readonly trace: MallocTrace;
  /** The first record that is timed. */
  readonly timedFrom: number;
}

/** @param liveBytes - at any time, after the fill */
export function makeFleetTrace(
  name: string,
  sizes: readonly FleetSize[],
  liveBytes: number,
): SteadyTrace {
  const population = new Population(
    sizes.filter(({ bytes }) => bytes <= liveBytes * LARGEST_SHARE),
  );
  while (population.liveBytes < liveBytes) population.grow();
  const { objectCount } = population;
  // So that what is left of the fill lies between younger objects.
  for (let step = 0; step < objectCount; step++) population.replace();
  const timedFrom = population.recordCount;
  const timedCount = Math.min(objectCount, TIMED_REPLACEMENTS);
  for (let step = 0; step < timedCount; step++) population.replace();
  return { trace: population.toTrace(name), timedFrom };
}

/** The live objects, and the records of how they came to be. */
class Population {
  readonly #sizes: readonly FleetSize[];
  readonly #alive: WeightedChoice;
  readonly #births: WeightedChoice;
  readonly #deaths: WeightedChoice;
  /** Ids of the live objects, by size. */
  readonly #idsOfSize: number[][];
  readonly #random = randomFrom(SEED);
  readonly #ops: number[] = [];
  #peakLiveBytes = 0;
  liveBytes = 0;
  objectCount = 0;

  constructor(sizes: readonly FleetSize[]) {
    this.#sizes = sizes;
    this.#alive = new WeightedChoice(sizes.map(({ liveObjects }) => liveObjects));
    this.#births = new WeightedChoice(sizes.map(({ allocations }) => allocations));
    this.#deaths = new WeightedChoice(sizes.map(() => 0));
    this.#idsOfSize = sizes.map(() => []);
  }

  get recordCount(): number {
    return this.#ops.length / RECORD_LENGTH;
  }

  /** One more object, of a size as they are found alive. */
  grow(): void {
    this.#add(this.#alive.at(this.#random()), this.objectCount++);
  }

  /** An object dies, and its id goes to one of a size as they are allocated. */
  replace(): void {
    const id = this.#removeOne();
    this.#add(this.#births.at(this.#random()), id);
  }

  toTrace(name: string): MallocTrace {
    return {
      kind: "malloc",
      name,
      objectCount: this.objectCount,
      operationCount: this.recordCount,
      peakLiveBytes: this.#peakLiveBytes,
      ops: Int32Array.from(this.#ops),
    };
  }

  #add(size: number, id: number): void {
    const { bytes } = this.#sizes[size]!;
    this.#idsOfSize[size]!.push(id);
    this.#deaths.add(size, this.#deathRate(size));
    this.liveBytes += bytes;
    this.#peakLiveBytes = Math.max(this.#peakLiveBytes, this.liveBytes);
    this.#ops.push(OP_ALLOC, 0, id, bytes);
  }

  /** @returns the id of the object that died */
  #removeOne(): number {
    let size = this.#deaths.at(this.#random());
    while (this.#idsOfSize[size]!.length === 0) size = this.#deaths.at(this.#random());
    const ids = this.#idsOfSize[size]!;
    const at = Math.floor(this.#random() * ids.length);
    const id = ids[at]!;
    ids[at] = ids.at(-1)!;
    ids.pop();
    this.#deaths.add(size, -this.#deathRate(size));
    this.liveBytes -= this.#sizes[size]!.bytes;
    this.#ops.push(OP_FREE, 0, id, 0);
    return id;
  }

  /** Of one object: the inverse of its mean lifetime. */
  #deathRate(size: number): number {
    const { allocations, liveObjects } = this.#sizes[size]!;
    return allocations / liveObjects;
  }
}
