/** A table before it is text or HTML. */
export interface TableData {
  readonly title: string;
  /** What the figures are: a sentence or two. */
  readonly text: string;
  /** The first column is names, the others are numbers. */
  readonly head: readonly string[];
  /** As many cells each as the head has. */
  readonly rows: readonly (readonly string[])[];
}
