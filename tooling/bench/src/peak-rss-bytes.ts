/** Most bytes that this process had resident at once. `maxRSS` counts in KiB. */
export function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
