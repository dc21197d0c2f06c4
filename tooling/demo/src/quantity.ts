/** Numbers as people read them, each with its unit. */
import prettyBytes from "pretty-bytes";

export function bytes(value: number): string {
  return prettyBytes(value, { binary: true, maximumFractionDigits: value < 1024 ** 2 ? 0 : 1 });
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

export function nanoseconds(value: number): string {
  return `${value.toFixed(1)} ns`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
