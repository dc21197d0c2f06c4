/** A table before it is text, Markdown or HTML. */
export interface TableData {
  readonly columns: readonly Column[];
  /** As many cells each as there are columns. */
  readonly rows: readonly (readonly string[])[];
}

export interface Column {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly align: "left" | "right";
}
