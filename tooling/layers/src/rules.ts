/**
 * Rule ids: one to three capitals and a number, such as `A1` or `CX12`.
 *
 * SPEC.md defines a rule where the id opens a heading (`### A1 Reserve`), a list item, a table row
 * or a paragraph in bold (`- **A1** ...`, `- **A1 Reserve.** ...`, `| **A1** | ...`).
 * A test cites rules at the start of its title: `"A1 ..."`, `"A1 A2 ..."`, `"A1, A4: ..."`.
 */
const definition =
  /^\s*(?:#{1,6}\s+(?:\*\*)?|(?:[-*+]\s+|\d+[.)]\s+|\|\s*)?\*\*)([A-Z]{1,3}\d+)\b/gm;
const citations = /^[A-Z]{1,3}\d+(?:[\s,&/+]+[A-Z]{1,3}\d+)*(?=$|[\s:.,)])/;

/** Ids that the text of a SPEC.md defines, in order, repeated ones included. */
export function definedRules(spec: string): string[] {
  return [...spec.matchAll(definition)].map((match) => match[1] ?? "");
}

/** Ids at the start of a test title. */
export function citedRules(title: string): string[] {
  return citations.exec(title)?.[0].split(/[\s,&/+]+/) ?? [];
}
