/** The table of typed rows in plain JavaScript, for comparison: an object for each row, a Map from their keys, a Map for each query. */

export interface PlainAccount {
  id: number;
  branch: number;
  cents: number;
  opened: Date;
  owner: string;
  kind: "current" | "savings" | "loan";
  flags: { isOpen: boolean; isFrozen: boolean; tier: number };
}

interface Group {
  cents: number;
  accounts: number;
}

/** Groups the open accounts of some rows by branch. @returns the sum of all */
export function centsInPlainAccounts(
  accounts: ReadonlyMap<number, PlainAccount>,
  first: number,
  rowCount: number,
  keyOf: (row: number) => number,
): number {
  const groups = new Map<number, Group>();
  for (let row = first; row < first + rowCount; row++) {
    const account = accounts.get(keyOf(row))!;
    if (!account.flags.isOpen) continue;
    let group = groups.get(account.branch);
    if (group === undefined) {
      group = { cents: 0, accounts: 0 };
      groups.set(account.branch, group);
    }
    group.cents += account.cents;
    group.accounts++;
  }
  let cents = 0;
  for (const group of groups.values()) cents += group.cents;
  return cents;
}
