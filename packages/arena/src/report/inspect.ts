/** How Node's `console.log` and `util.inspect` print an object: through a method under a registered symbol, no import. */
const customInspect = Symbol.for("nodejs.util.inspect.custom");

/** Makes `console.log` print instances of a class as `print` says. Called from the class's static block. */
export function printsAs<T extends object>(prototype: T, print: (self: T) => string): void {
  Object.defineProperty(prototype, customInspect, {
    configurable: true,
    value(this: T): string {
      return print(this);
    },
  });
}
