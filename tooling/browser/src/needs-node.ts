/** What stands in the browser for each export of a module of Node: whichever test uses it skips itself and says why. */
import { TestRunner, beforeEach } from "vitest";

/** Skips the test that is running, or every test of the file that is loading. */
function skip(reason: string): void {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) beforeEach((context) => context.skip(reason));
  else test.context.skip(reason);
}

/** Stands for a function, which answers an empty text while a file loads, or for an object. */
export function needsNode(name: string): () => string {
  const reason = `needs ${name} of Node`;
  const stub = (): string => {
    skip(reason);
    return "";
  };
  return new Proxy(stub, {
    get: (_target, property) => {
      skip(reason);
      return property === Symbol.iterator ? [][Symbol.iterator] : needsNode(name);
    },
  });
}
