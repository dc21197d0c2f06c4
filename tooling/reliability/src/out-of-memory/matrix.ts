/** Plays every scenario with every one of its requests failing, once and for good. */
import type { Scenario } from "./scenario.js";
import { Stage } from "./stage.js";

/** What one scenario has shown. */
export interface MatrixRow {
  readonly scenario: string;
  /** Requests of a run without a failure. */
  readonly requests: number;
  /** Runs in which a request failed: one for each request, once and for good. */
  readonly runs: number;
  /** Runs in which the failure reached the program: in the others shorter memory did instead. */
  readonly failedCalls: number;
  /** Whether free memory, too, was as before after a failed call; else all live objects were. */
  readonly isExact: boolean;
}

/** @throws Error naming scenario and request when a failure left a trace */
export function playMatrix(scenario: Scenario): MatrixRow {
  const reference = play(scenario, { request: 0, isPersistent: false, call: 0 });
  let runs = 0;
  let failedCalls = 0;
  for (const isPersistent of [false, true]) {
    for (let request = 1; ; request++) {
      const where = `${scenario.name}, request ${request}${isPersistent ? " and all later ones" : ""}`;
      try {
        const scout = play(scenario, { request, isPersistent, call: 0 });
        if (scout.requests < request) break;
        const compared = play(scenario, { request, isPersistent, call: scout.failedCall });
        expectSame(compared.failedCall, scout.failedCall, "the call that failed");
        expectSame(compared.outcome, reference.outcome, "what the program sees");
        runs++;
        if (scout.failedCall > 0) failedCalls++;
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`${where}: ${message}`, { cause });
      }
    }
  }
  const isExact = scenario.freesAgain !== true;
  return { scenario: scenario.name, requests: reference.requests, runs, failedCalls, isExact };
}

interface Playing {
  readonly requests: number;
  readonly failedCall: number;
  readonly outcome: string;
}

function play(scenario: Scenario, failure: ConstructorParameters<typeof Stage>[0]): Playing {
  const stage = new Stage(failure, scenario);
  const outcome = JSON.stringify(scenario.play(stage));
  stage.finish();
  return { requests: stage.source.acquireCount, failedCall: stage.failedCall, outcome };
}

function expectSame(is: unknown, expected: unknown, what: string): void {
  if (is !== expected) throw new Error(`${what} was ${String(expected)}, is ${String(is)}`);
}
