/** Flips every bit of every byte, one at a time, and asks `heap.verify()` each time. */
import {
  BufferOverrunError,
  type CheckLevel,
  CorruptionError,
  UseAfterFreeError,
} from "@perfloc/typed";
import { mapChunks } from "./chunk-map.js";
import type { FlipTarget } from "./flip-target.js";
import type { RangeKind } from "./range-kind.js";
import { rangeKindsOf } from "./range-kinds.js";
import { type Victim, makeVictim } from "./victim.js";

const BITS = 8;

/** Where nothing checks so many bits or more, a flip in so many is tried: the rest would show the same nothing. */
const MANY_BITS = 6100;
const UNCHECKED_STRIDE = 61;

/** What was found out about one kind of byte. */
export interface FlipRow {
  readonly kind: string;
  readonly uncheckedBecause: string | undefined;
  readonly flips: number;
  /** `verify` threw what it promises for damage. */
  readonly detected: number;
  /** Whether some flips of an unchecked kind are found all the same. */
  readonly isPartlyFound: boolean;
  /** Whether it must name the context. */
  readonly namesContext: boolean;
  /** It named the context. */
  readonly namedContext: number;
  /** It named the very header, object or slot. */
  readonly namedAddress: number;
  /** The first few flips that went unnoticed though they must not, for people. */
  readonly missed: readonly string[];
}

export function runFlipCampaign(check: CheckLevel): FlipRow[] {
  const victim = makeVictim(check);
  const chunks = mapChunks(victim);
  const rows = rangeKindsOf(victim.guards).map((kind) => {
    return flipAll(victim, kind, kind.targetsIn(victim.heap, chunks));
  });
  victim.heap.dispose();
  return rows;
}

function flipAll(
  { heap }: Victim,
  { name: kind, uncheckedBecause, isPartlyFound = false, namesContext }: RangeKind,
  targets: readonly FlipTarget[],
): FlipRow {
  const counts = { flips: 0, detected: 0, namedContext: 0, namedAddress: 0 };
  const missed: string[] = [];
  const bits = targets.reduce((sum, { byteLength }) => sum + byteLength * BITS, 0);
  const stride = uncheckedBecause === undefined || bits < MANY_BITS ? 1 : UNCHECKED_STRIDE;
  let position = 0;
  for (const { bytes, offset, byteLength, contextName, address } of targets) {
    for (let at = offset; at < offset + byteLength; at++) {
      for (let bit = 0; bit < BITS; bit++) {
        if (position++ % stride > 0) continue;
        bytes[at]! ^= 1 << bit;
        const error = whatVerifyThrows(heap);
        bytes[at]! ^= 1 << bit;
        counts.flips++;
        if (error === undefined) {
          missed.push(`bit ${bit} of byte ${at - offset} at ${address} in ${contextName}`);
          continue;
        }
        counts.detected++;
        if (error.message.includes(`"${contextName}"`)) counts.namedContext++;
        if (error.address === address) counts.namedAddress++;
      }
    }
  }
  heap.verify();
  const row = { kind, uncheckedBecause, isPartlyFound, namesContext, ...counts };
  return { ...row, missed: missed.slice(0, 5) };
}

type Damage = CorruptionError | BufferOverrunError | UseAfterFreeError;

/** @throws what tells of no damage: `verify` must not stumble over what it looks for */
function whatVerifyThrows(heap: Victim["heap"]): Damage | undefined {
  try {
    heap.verify();
  } catch (error) {
    if (error instanceof CorruptionError) return error;
    if (error instanceof BufferOverrunError || error instanceof UseAfterFreeError) return error;
    throw error;
  }
  return undefined;
}
