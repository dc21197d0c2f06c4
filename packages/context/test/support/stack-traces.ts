/** Engines and hosts that give fewer frames of the stack than V8 does by itself. */

/** Runs a call while `Error` has a property as a host made it, or none. */
function withErrorProperty(
  name: "captureStackTrace" | "stackTraceLimit",
  property: PropertyDescriptor | undefined,
  call: () => void,
): void {
  const before = Object.getOwnPropertyDescriptor(Error, name);
  Reflect.deleteProperty(Error, name);
  if (property !== undefined) Object.defineProperty(Error, name, property);
  try {
    call();
  } finally {
    Reflect.deleteProperty(Error, name);
    if (before !== undefined) Object.defineProperty(Error, name, before);
  }
}

/** As a host that wants no frames at all, and lets nobody change that. */
export function withoutFrames(call: () => void): void {
  withErrorProperty("stackTraceLimit", { value: 0, configurable: true }, call);
}

/** As an engine that keeps no stacks. */
export function withoutStacks(call: () => void): void {
  withErrorProperty("stackTraceLimit", undefined, call);
}

/** As an engine that cannot leave frames out. */
export function withoutCapture(call: () => void): void {
  withErrorProperty("captureStackTrace", undefined, call);
}
