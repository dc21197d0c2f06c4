import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** What a trace holds, found with nothing but string splitting: slow, and independent of the parser. */
export interface LineCount {
  /** The numbers of the header, in order. */
  readonly headerNumbers: readonly number[];
  /** How many lines start with this letter. */
  readonly perLetter: Readonly<Record<string, number>>;
  /** The sum of the sizes in `a` and `r` lines. */
  readonly bytesAskedFor: number;
}

export function countLines(file: string | URL): LineCount {
  const lines = gunzipSync(readFileSync(file)).toString("latin1").trimEnd().split("\n");
  const headerLength = lines[0]!.startsWith("#") ? 1 : 4;
  const header = lines.slice(0, headerLength).join(" ");
  const perLetter: Record<string, number> = {};
  let bytesAskedFor = 0;
  for (const line of lines.slice(headerLength)) {
    const letter = line.charAt(0);
    perLetter[letter] = (perLetter[letter] ?? 0) + 1;
    if (letter === "a" || letter === "r") {
      bytesAskedFor += Number(line.slice(line.lastIndexOf(" ") + 1));
    }
  }
  return { headerNumbers: header.match(/\d+/g)!.map(Number), perLetter, bytesAskedFor };
}
