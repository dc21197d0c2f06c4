/** The options of the check levels: defaults, and what is refused. */
import { InvalidOptionError } from "@perfloc/arena";
import { checkWhole } from "../context-options.js";
import type { CheckLevel } from "../tables/context-node.js";

/**
 * What the levels `debug` and `sample` do. Other levels ignore it, so that a program can choose its level alone by a setting; without
 * any `check` it is refused.
 * @public
 */
export interface CheckOptions {
  /** `sample` guards one object in so many: 1 to 2^24. Default 1024. */
  readonly sampleEvery?: number | undefined;
  /** Decides which ones: the same seed and program, the same objects. A whole number below 2^32. Default 0. */
  readonly sampleSeed?: number | undefined;
  /**
   * Most bytes of freed objects that are kept from reuse, to find out who still writes to them: 0 to 2^30. Default 1 MiB on `debug`,
   * 64 KiB on `sample`.
   */
  readonly quarantineBytes?: number | undefined;
}

/** Options with every default filled in. */
export interface ResolvedCheckOptions {
  readonly sampleEvery: number;
  readonly sampleSeed: number;
  readonly quarantineBytes: number;
}

const CODE = "PERFLOC_CONTEXT_INVALID_OPTION";

/**
 * A guarded object costs 0.3 to 0.6 µs more than a plain one, so one in 1024 adds half a nanosecond to an allocation: recorded traces take
 * 3 to 16 % more time than on `off`. One in 128 finds more, and takes up to 31 % more.
 */
const DEFAULT_SAMPLE_EVERY = 1024;

/** LLVM's and Zig's tools keep MBs by default; below some 10 KiB most objects leave before a bug uses them again. */
const DEBUG_QUARANTINE_BYTES = 1024 * 1024;
const SAMPLE_QUARANTINE_BYTES = 64 * 1024;

const LEVELS: ReadonlySet<string> = new Set<CheckLevel>(["check", "off", "debug", "sample"]);

/** @throws InvalidOptionError `PERFLOC_CONTEXT_INVALID_OPTION` for anything but a check level */
export function checkLevel(check: CheckLevel): void {
  if (LEVELS.has(check)) return;
  const requirement = 'levels are "check", "off", "debug" and "sample"';
  throw new InvalidOptionError(CODE, "check", check, requirement);
}

/** @throws InvalidSizeError `PERFLOC_CONTEXT_INVALID_OPTION` for what is out of range, whatever the level */
export function resolveCheckOptions(
  check: CheckLevel,
  options: CheckOptions,
): ResolvedCheckOptions {
  const isDebug = check === "debug";
  const {
    sampleEvery = DEFAULT_SAMPLE_EVERY,
    sampleSeed = 0,
    quarantineBytes = isDebug ? DEBUG_QUARANTINE_BYTES : SAMPLE_QUARANTINE_BYTES,
  } = options;
  checkWhole("sampleEvery", sampleEvery, 1, 2 ** 24);
  checkWhole("sampleSeed", sampleSeed, 0, 2 ** 32 - 1);
  checkWhole("quarantineBytes", quarantineBytes, 0, 2 ** 30);
  return { sampleEvery: isDebug ? 1 : sampleEvery, sampleSeed, quarantineBytes };
}

/** Without a level these options do nothing: it was forgotten. @throws InvalidOptionError naming the option */
export function refuseWithoutLevel(options: CheckOptions): void {
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const levels = option === "quarantineBytes" ? '"debug" or "sample"' : '"sample"';
    const hint = `Give check: ${levels}, too, or leave ${option} out.`;
    throw new InvalidOptionError(CODE, option, value, "it does nothing without check", hint);
  }
}

/** @throws InvalidOptionError unless it is a function or left out */
export function checkOnLeak(onLeak: unknown): void {
  if (onLeak === undefined || typeof onLeak === "function") return;
  throw new InvalidOptionError(CODE, "onLeak", onLeak, "it must be a function");
}
