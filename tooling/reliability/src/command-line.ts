/** Reads the command line. */
import { parseArgs } from "node:util";

/** What can be asked for. */
export const CAMPAIGNS = ["out-of-memory", "byte-flips"] as const;
export type Campaign = (typeof CAMPAIGNS)[number];

export interface Command {
  readonly isHelp: boolean;
  /** Those that are wanted; all of them when none was named. */
  readonly campaigns: readonly Campaign[];
}

/** The command line makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const USAGE = `Shows what the tests of reliability have found: tables of every memory request that failed
and of every bit that flipped.

Usage: pnpm reliability [campaign ...]

Campaigns, all of them unless some are named:

  out-of-memory   every request for memory of every scenario fails, once and for good
  byte-flips      every bit of every header, link, mark and guard is flipped

  -h, --help      show this`;

/** @throws UsageError for an unknown option or campaign */
export function parseCommand(words: readonly string[]): Command {
  const { values, positionals } = parseWords(words);
  const unknown = positionals.find((word) => !isCampaign(word));
  if (unknown !== undefined)
    throw new UsageError(`Unknown campaign '${unknown}': there are ${CAMPAIGNS.join(", ")}`);
  const campaigns = positionals.filter(isCampaign);
  return {
    isHelp: values.help,
    campaigns: campaigns.length === 0 ? CAMPAIGNS : campaigns,
  };
}

function parseWords(words: readonly string[]) {
  // `pnpm reliability -- --help` hands the first `--` on.
  const args = words[0] === "--" ? words.slice(1) : [...words];
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h", default: false } },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(message.split(/\.?\n|\. |\.$/u, 1)[0], { cause });
  }
}

function isCampaign(word: string): word is Campaign {
  return (CAMPAIGNS as readonly string[]).includes(word);
}
