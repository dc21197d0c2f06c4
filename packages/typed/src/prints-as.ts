/**
 * How an object looks on a console: its contents, never its internals.
 *
 *   console.log(vec)  ──►  Node, Deno, Bun call the method under a registered symbol  ──►  "Vec(3) [ 1, 2, 3 ]"
 *
 * The method is found without an import, and gets the host's own `inspect`, so that depth, colors and lengths are as the program asked for.
 * Printing allocates nothing in a heap, moves no view and never throws: for an object that cannot be read, the reason is printed. Consoles of
 * browsers do not call the method; they show own properties.
 */
const customInspect: symbol = Symbol.for("nodejs.util.inspect.custom");

/** Elements printed where the host passes no `maxArrayLength`: the same as in Node. */
const DEFAULT_LENGTH = 100;

interface HostOptions {
  /** Elements of a list at most; `null`: all. */
  readonly maxArrayLength?: number | null;
  readonly showHidden?: boolean;
}

/** How a host prints a value. */
type Inspect = (value: unknown, options: object) => string;

/** What a host prints in the place of an object: a name, how many there are, and the first of them. */
export class Printed {
  readonly name: string;
  readonly values: object | undefined;
  readonly length: number | undefined;
  /** How many are left out. */
  readonly rest: number;

  /** Without `values` the name is all that is printed. */
  constructor(name: string, values?: object, length?: number, rest: number = 0) {
    this.name = name;
    this.values = values;
    this.length = length;
    this.rest = rest;
  }

  /** @param depth - how many levels may still be printed: below 0, none; `null`: all */
  print(depth: number | null, options: HostOptions, inspect?: Inspect): unknown {
    const { name, values, length } = this;
    let { rest } = this;
    if (values === undefined) return name;
    // Test libraries pass no `inspect`, and print what they get themselves.
    if (inspect === undefined) return values;
    if (depth !== null && depth < 0) return `[${name === "" ? "Array" : name}]`;
    if (options.showHidden === true && Array.isArray(values)) {
      // The host shows `length` itself, so it has to count the elements left out, too.
      values.length += rest;
      rest = 0;
    }
    const text = inspect(values, { ...options, depth }).replace(/^Map[^{]*/, "");
    const head = length === undefined ? name : `${name}(${length})`;
    return `${head === "" ? "" : `${head} `}${rest === 0 ? text : withRest(text, rest)}`;
  }

  static {
    definePrinting(Printed.prototype, (self, ...how) => self.print(...how));
  }
}

/** Adds the line for the elements left out to the text of a list or map, as the host itself would print it. */
function withRest(text: string, rest: number): string {
  const line = `... ${rest} more item${rest === 1 ? "" : "s"}`;
  const close = text.at(-1)!;
  const open = text.slice(0, -1).replace(/,?\s*$/, "");
  if (open.length === 1) return `${open} ${line} ${close}`;
  return open.includes("\n") ? `${open},\n  ${line}\n${close}` : `${open}, ${line} ${close}`;
}

function definePrinting<T extends object>(
  prototype: T,
  print: (self: T, depth: number | null, options: HostOptions, inspect?: Inspect) => unknown,
): void {
  Object.defineProperty(prototype, customInspect, {
    value(this: T, depth: number | null = null, options: HostOptions = {}, inspect?: Inspect) {
      return print(this, depth, options, inspect);
    },
    configurable: true,
    writable: true,
  });
}

/**
 * Makes consoles print the contents of the instances of a class.
 * @param nameOf - the name to print when `show` throws
 * @param show - returns the contents, at most `limit` elements of each list: a {@link Printed}, or a plain value that the host prints
 */
export function printsAs<T extends object>(
  prototype: T,
  nameOf: (self: T) => string,
  show: (self: T, limit: number) => unknown,
): void {
  definePrinting(prototype, (self, depth, options, inspect) => {
    try {
      const { maxArrayLength = DEFAULT_LENGTH } = options;
      const limit = maxArrayLength === null ? Infinity : Math.max(0, maxArrayLength);
      const shown = show(self, limit);
      return shown instanceof Printed ? shown.print(depth, options, inspect) : shown;
    } catch (error) {
      return `${nameOf(self)} (${reasonOf(error)})`;
    }
  });
}

/** The first `limit` elements of a list, and how many more there are. */
export function printedList(
  name: string,
  length: number,
  limit: number,
  at: (index: number) => unknown,
): unknown {
  const shown = Math.min(length, limit);
  const values = Array.from({ length: shown }, (_, index) => at(index));
  if (name === "" && shown === length) return values;
  return new Printed(name, values, name === "" ? undefined : length, length - shown);
}

/** Why something cannot be printed. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "cannot be read";
}
