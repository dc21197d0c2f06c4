/** Allocates the guarded objects of all kinds. */
import type { Address } from "@perfloc/arena";
import { MIN_ALIGNMENT } from "../allocation-request.js";
import { ContextGuards } from "./context-guards.js";
import type { GuardedKind } from "./guarded-kind.js";

/** Allocates a guarded object, since the countdown of the sampler is over. On `sample` the first one makes the guards of its context. */
export function allocGuarded(
  context: GuardedKind,
  byteLength: number,
  alignment: number = MIN_ALIGNMENT,
): Address {
  const guards = context.guards instanceof ContextGuards ? context.guards : makeGuards(context);
  const address = guards.objects.alloc(byteLength, alignment, "alloc");
  const { sampler } = context.ledger;
  sampler.left = sampler.nextDistance();
  return address;
}

function makeGuards(context: GuardedKind): ContextGuards {
  const guards = new ContextGuards(context, undefined, 0);
  context.guards = guards;
  return guards;
}
