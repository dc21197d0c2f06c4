/** One unit for a whole axis, so that its ticks are round numbers of it. */
export interface ByteUnit {
  readonly name: string;
  readonly bytes: number;
}

const UNITS: readonly ByteUnit[] = ["B", "KiB", "MiB", "GiB"].map((name, power) => ({
  name,
  bytes: 1024 ** power,
}));

export function unitFor(maxBytes: number): ByteUnit {
  return UNITS.findLast((unit) => maxBytes >= unit.bytes) ?? UNITS[0]!;
}

export function printBytes(bytes: number): string {
  const unit = unitFor(bytes);
  return `${(bytes / unit.bytes).toLocaleString("en-US", { maximumFractionDigits: 1 })} ${unit.name}`;
}
