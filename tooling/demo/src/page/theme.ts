/** The page's colours, as the style sheet has them for the light or the dark scheme of the reader. */
export interface Theme {
  readonly panel: string;
  readonly line: string;
  readonly text: string;
  readonly quiet: string;
  readonly free: string;
  readonly held: string;
  readonly used: string;
  readonly live: string;
  readonly rss: string;
}

export function readTheme(): Theme {
  return {
    panel: colorOf("panel"),
    line: colorOf("line"),
    text: colorOf("text"),
    quiet: colorOf("quiet"),
    free: colorOf("free"),
    held: colorOf("held"),
    used: colorOf("used"),
    live: colorOf("live"),
    rss: colorOf("rss"),
  };
}

/** Resolved by a real element: a custom property itself still reads `light-dark(...)`. */
function colorOf(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
