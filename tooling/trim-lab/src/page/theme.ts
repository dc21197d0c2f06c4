/** The page's colours, as the style sheet has them for the light or the dark scheme of the reader. */
export interface Theme {
  readonly panel: string;
  readonly line: string;
  readonly text: string;
  readonly quiet: string;
  readonly needed: string;
  readonly held: string;
  readonly released: string;
  readonly policy: string;
}

export function readTheme(): Theme {
  return {
    panel: colorOf("panel"),
    line: colorOf("line"),
    text: colorOf("text"),
    quiet: colorOf("quiet"),
    needed: colorOf("needed"),
    held: colorOf("held"),
    released: colorOf("released"),
    policy: colorOf("policy"),
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
