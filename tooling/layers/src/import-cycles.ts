/**
 * Import cycles of a package: which of its files import each other, directly or through others. Imports of types count, since a
 * reader has to follow them, too.
 */
import { posix } from "node:path";
import type { TextFile } from "./layers.ts";
import { importedModules } from "./source-text.ts";

/** For each file the files of the same package that it imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Builds the graph of the relative imports between `files`.
 *
 * @throws Error when an import names no file of them: an edge that got lost could hide a cycle
 */
export function importGraph(files: readonly TextFile[]): ImportGraph {
  const paths = new Set(files.map(({ path }) => path));
  const resolve = (from: string, module: string): string => {
    const path = posix.join(posix.dirname(from), module).replace(/\.js$/, ".ts");
    if (!paths.has(path)) throw new Error(`${from} imports ${module}, which is no source file`);
    return path;
  };
  return new Map(
    files.map(({ path, text }) => [
      path,
      importedModules(text)
        .filter((module) => module.startsWith("."))
        .map((module) => resolve(path, module)),
    ]),
  );
}

/**
 * The groups of files that reach each other by imports: the strongly connected components of more than one file, found by
 * Tarjan's algorithm (1972), and files that import themselves. Sorted, so that they compare.
 */
export function importCycles(graph: ImportGraph): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];

  function visit(file: string): number {
    const number = order.size;
    order.set(file, number);
    lowest.set(file, number);
    open.push(file);
    for (const imported of graph.get(file) ?? []) {
      // A file that is finished and no longer open is in a group of its own already.
      if (order.has(imported) && !open.includes(imported)) continue;
      const reached = order.get(imported) ?? visit(imported);
      lowest.set(file, Math.min(lowest.get(file)!, reached));
    }
    if (lowest.get(file) === number) closeGroup(file);
    return lowest.get(file)!;
  }

  function closeGroup(root: string): void {
    const group = open.splice(open.indexOf(root)).toSorted();
    if (group.length > 1 || graph.get(root)!.includes(root)) cycles.push(group);
  }

  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return cycles.toSorted((one, other) => (one[0]! < other[0]! ? -1 : 1));
}
