/** The most bytes that this process had resident at once. */
import { readFileSync } from "node:fs";

/**
 * On Linux from the process's own memory: what `resourceUsage()` tells there begins with what the parent had when it started
 * this process.
 */
export function peakRssBytes(): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/mu.exec(ownStatus())?.[1];
  return Number(kibibytes ?? process.resourceUsage().maxRSS) * 1024;
}

/** Empty elsewhere. */
function ownStatus(): string {
  try {
    return readFileSync("/proc/self/status", "utf8");
  } catch {
    return "";
  }
}
