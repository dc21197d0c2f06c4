/**
 * A stage of typed structs: a table of rows as a database has them, and queries that each work in a context of their own.
 *
 *   heap ──► accounts          rows, one behind the other, and a map from their keys to their places
 *        ──► query             opened for one query: the groups that it makes; dropped with it
 *
 * Every answer is compared with one that plain JavaScript works out from the same rules.
 */
import { inspect } from "node:util";
import { HashMap, Heap, Vec, bits, date, enumOf, i53, struct, text, u32, u8 } from "@perfloc/typed";
import { type PlainAccount, centsInPlainAccounts } from "./plain-accounts.js";
import type { Progress } from "./progress.js";
import { bytes, count, nanoseconds } from "./quantity.js";
import type { RowFigures } from "./report-data.js";

const ROWS = 100_000;
const QUERIES = 1000;
/** Rows that a query looks up by their keys. */
const ROWS_PER_QUERY = 500;
const BRANCHES = 16;
/** Between two drawings of the progress bar. */
const QUERIES_PER_STEP = 100;

const Account = struct("Account", {
  id: u32,
  branch: u32,
  cents: i53,
  opened: date,
  owner: text(24),
  kind: enumOf(u8, { current: 0, savings: 1, loan: 2 }),
  flags: bits(u8, { isOpen: 1, isFrozen: 1, tier: 3 }),
});
const Group = struct("Group", { cents: i53, accounts: u32 });

const KINDS = ["current", "savings", "loan"] as const;
const FIRST_DAY_MS = Date.UTC(2001, 0, 1);
const DAY_MS = 86_400_000;

/** Odd, so that all keys differ, and in no order. */
const keyOf = (row: number): number => Math.imul(row + 1, 0x9e3779b1) >>> 0;
const centsOf = (row: number): number => (row % 2000) * 1_000_003 - 500_000_000;
const isOpen = (row: number): boolean => row % 7 !== 0;

/** All but those of plain objects. */
type TypedRowFigures = Omit<RowFigures, keyof PlainRowFigures>;
type PlainRowFigures = Pick<RowFigures, "plainNsPerRow">;

export async function runRowStage(progress: Progress): Promise<TypedRowFigures> {
  progress.begin("keeping rows");
  using heap = new Heap();
  const table = heap.open("accounts");
  const accounts = new Vec(table, Account);
  const places = new HashMap(table, u32, u32);
  for (let row = 0; row < ROWS; row++) {
    const account = accounts.append();
    account.$set(valuesOf(row));
    places.set(account.id, row);
  }
  const tableBytes = heap.stats().usedBytes;
  const queries = await runQueries(progress, "queries", (first) =>
    centsInOpenAccounts(heap, accounts, places, first),
  );
  const example = accounts.at(places.get(keyOf(1))!);
  const figures: TypedRowFigures = {
    rows: ROWS,
    rowBytes: Account.size,
    tableBytes,
    queries: QUERIES,
    nsPerRow: queries.nsPerRow,
    wrongAnswers: queries.wrongAnswers,
    usedBytesAfterQueries: heap.stats().usedBytes,
    example: inspect(example),
    layout: Account.layout(),
  };
  progress.done(
    `asked ${count(QUERIES)} queries of ${count(ROWS)} rows in ${bytes(tableBytes)}: ${nanoseconds(figures.nsPerRow)} per row`,
  );
  return figures;
}

/** The values of a row, whatever it is made of. */
function valuesOf(row: number): PlainAccount {
  return {
    id: keyOf(row),
    branch: row % BRANCHES,
    cents: centsOf(row),
    opened: new Date(FIRST_DAY_MS + (row % 9000) * DAY_MS),
    owner: `Owner ${row}`,
    kind: KINDS[row % 3]!,
    flags: { isOpen: isOpen(row), isFrozen: false, tier: row % 8 },
  };
}

/** The same queries of plain objects. What it leaves to the collector of garbage stays resident for a while. */
export async function runPlainRowStage(progress: Progress): Promise<PlainRowFigures> {
  progress.begin("keeping objects");
  const accounts = new Map<number, PlainAccount>();
  for (let row = 0; row < ROWS; row++) accounts.set(keyOf(row), valuesOf(row));
  const { nsPerRow, wrongAnswers } = await runQueries(progress, "queries of objects", (first) =>
    centsInPlainAccounts(accounts, first, ROWS_PER_QUERY, keyOf),
  );
  if (wrongAnswers > 0) throw new Error(`plain objects gave ${wrongAnswers} wrong answers`);
  progress.done(`asked the same of plain objects: ${nanoseconds(nsPerRow)} per row`);
  return { plainNsPerRow: nsPerRow };
}

interface QueryFigures {
  /** Of the median query. */
  readonly nsPerRow: number;
  readonly wrongAnswers: number;
}

/** @param ask - a query of the rows from `first` on, which returns the sum of open accounts */
async function runQueries(
  progress: Progress,
  what: string,
  ask: (first: number) => number,
): Promise<QueryFigures> {
  let wrongAnswers = 0;
  const times: number[] = [];
  for (let query = 0; query < QUERIES; query++) {
    const first = (query * 7919) % (ROWS - ROWS_PER_QUERY);
    const began = performance.now();
    const cents = ask(first);
    times.push(performance.now() - began);
    if (cents !== expectedCents(first)) wrongAnswers++;
    if (query % QUERIES_PER_STEP !== 0) continue;
    // oxlint-disable-next-line no-await-in-loop -- what is awaited is the drawing
    await progress.at(query / QUERIES, `${count(query)} ${what}`);
  }
  const medianMs = times.toSorted((a, b) => a - b)[QUERIES >> 1]!;
  return { nsPerRow: (medianMs * 1e6) / ROWS_PER_QUERY, wrongAnswers };
}

/** Groups the open accounts of some keys by branch, in a context that lasts as long as the query. Returns the sum of all. */
function centsInOpenAccounts(
  heap: Heap,
  accounts: Vec<typeof Account>,
  places: HashMap<typeof u32, typeof u32>,
  first: number,
): number {
  using query = heap.open("query");
  const groups = new HashMap(query, u32, Group);
  for (let row = first; row < first + ROWS_PER_QUERY; row++) {
    const account = accounts.at(places.get(keyOf(row))!);
    if (!account.flags.isOpen) continue;
    const group = groups.obtain(account.branch);
    group.cents += account.cents;
    group.accounts++;
  }
  let cents = 0;
  for (const group of groups.values()) cents += group.cents;
  return cents;
}

function expectedCents(first: number): number {
  let cents = 0;
  for (let row = first; row < first + ROWS_PER_QUERY; row++) if (isOpen(row)) cents += centsOf(row);
  return cents;
}
