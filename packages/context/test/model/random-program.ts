/**
 * Long programs of random operations. A program is decided by its seed alone, so that a failure can be run again:
 *
 *   PERFLOC_SEED=123 vitest run test/marks.model.test.ts
 */
import { FailingSource, randomFrom } from "@perfloc-tooling/testkit";
import type { CheckLevel, Heap, HeapOptions } from "@perfloc/context";
import { checkEverything } from "./check-model.js";
import { checkSame, fail } from "./fail.js";
import { HeapModel } from "./heap-model.js";
import { takeLowPages } from "./low-pages.js";
import {
  ALIGNMENTS,
  EDGE_LENGTHS,
  OPERATION_NAMES,
  type Operation,
  type OperationName,
} from "./operation.js";
import { type ProgramBounds, runOperation } from "./run-operation.js";

/** How often each operation comes, relative to the others; one that is not named never does. */
type OperationWeights = Readonly<Partial<Record<OperationName, number>>>;

/** A kind of program. */
export interface ProgramProfile {
  readonly bounds: ProgramBounds;
  readonly weights: OperationWeights;
  readonly heap: HeapOptions;
  /** Whether the program lives at addresses around and above 2^31. */
  readonly isHigh?: boolean;
  /** How many tags there are beyond what the program can have in use. Default: all, or few in every second program. */
  readonly spareTags?: number;
  /** Operations in one heap's life. */
  readonly operations: number;
  /** Longest object; most are much shorter. */
  readonly maxByteLength: number;
  /** The records are verified after every so many operations, everything else after every so many verifications. */
  readonly verifyEvery: number;
  readonly compareEvery: number;
}

/** Operations of a failed program that its message lists. */
const LISTED_OPERATIONS = 12;

/** Runs one program from an empty heap to an empty heap; answers how many operations it made. */
export function runProgram(profile: ProgramProfile, check: CheckLevel, seed: number): number {
  const random = randomFrom(seed);
  const { bounds } = profile;
  const source = new FailingSource();
  const model = new HeapModel({
    source,
    ...profile.heap,
    check,
    sampleEvery: 1 + (seed % 7),
    sampleSeed: seed >>> 0,
    ...(seed % 3 === 0 && { quarantineBytes: 4096 }),
  });
  const spareTags = profile.spareTags ?? (seed % 2 === 0 ? FEW_TAGS : undefined);
  if (spareTags !== undefined) shrinkTags(model, profile.bounds, spareTags);
  const takenBytes = profile.isHigh === true ? takeLowPages(model.heap.arena) : 0;
  const names = nameTable(profile.weights);
  const recent: Operation[] = [];
  let count = 1;
  try {
    for (; count <= profile.operations; count++) {
      const operation = randomOperation(random, names, profile.maxByteLength);
      recent[count % LISTED_OPERATIONS] = operation;
      runOperation(model, operation, bounds);
      if (count % profile.verifyEvery !== 0) continue;
      model.heap.verify();
      if (count % (profile.verifyEvery * profile.compareEvery) === 0) checkEverything(model);
    }
    endProgram(model, takenBytes);
    checkSame(source.live.size, 0, "buffers that were not given back");
    if (profile.spareTags !== undefined && tagsOf(model).sweeps === 0)
      fail("tags were never given out again");
  } catch (cause) {
    const list = recent.map((operation) => JSON.stringify(operation)).join("\n  ");
    const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new Error(
      `program with check "${check}" and PERFLOC_SEED=${seed}, step ${count}: ${message}\nlast operations, rotated:\n  ${list}`,
      { cause },
    );
  }
  return profile.operations;
}

const FEW_TAGS = 8;

function tagsOf({ heap }: HeapModel): Heap["state"]["table"]["tags"] {
  return heap.state.table.tags;
}

/** Makes tags so few that they are swept and given out again all the time: one for each context, one for each mark, and some to spare. */
function shrinkTags(
  model: HeapModel,
  { maxContexts, maxMarks }: ProgramProfile["bounds"],
  spareTags: number,
): void {
  tagsOf(model).shrinkTo(maxContexts * (1 + maxMarks) + spareTags);
}

/** Drops everything: nothing may be left, but the `takenBytes` of the arena that no context holds. */
export function endProgram(model: HeapModel, takenBytes: number = 0): void {
  checkEverything(model);
  for (let top = model.tops[0]; top !== undefined; top = model.tops[0]) {
    for (const context of top.subtree()) {
      while (context.callbacks.length > 0) model.unregister(context, 0);
    }
    model.drop(top);
  }
  checkEverything(model);
  checkSame(model.heap.stats().usedBytes, 0, "used bytes after everything was dropped");
  const { usedBytes } = model.heap.arena.stats();
  checkSame(usedBytes, takenBytes, "used bytes of the arena at the end");
  checkSame(model.shadow.claimedGranules, 0, "granules that are still claimed");
  model.heap.dispose();
}

/** Names, each as often as its weight says: a table to draw from. */
function nameTable(weights: OperationWeights): OperationName[] {
  return OPERATION_NAMES.flatMap((name) => Array.from({ length: weights[name] ?? 0 }, () => name));
}

function randomOperation(
  random: () => number,
  names: readonly OperationName[],
  maxByteLength: number,
): Operation {
  return {
    name: names[Math.floor(random() * names.length)]!,
    context: Math.floor(random() * 1024),
    target: Math.floor(random() * 65_536),
    byteLength: Math.min(maxByteLength, randomByteLength(random)),
    alignment: ALIGNMENTS[Math.floor(random() * ALIGNMENTS.length)]!,
    choice: Math.floor(random() * 64),
  };
}

/** Mostly short, as in real programs; edges of size classes and big objects often enough. */
function randomByteLength(random: () => number): number {
  const share = random();
  if (share < 0.6) return Math.floor(random() * 72);
  if (share < 0.8) return Math.floor(random() * 600);
  if (share < 0.92) return EDGE_LENGTHS[Math.floor(random() * EDGE_LENGTHS.length)]!;
  if (share < 0.98) return Math.floor(random() * 8192);
  if (share < 0.995) return Math.floor(random() * 70_000);
  return Math.floor(random() * 300_000);
}
