/** Characters, as code is wrapped. */
const WIDTH = 120;

/** Breaks a paragraph between its words. @param indent - before each line but the first */
export function wrapProse(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}
