/** A Vite plugin: what tests import from Node becomes functions that skip the test that calls them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const needsNode = fileURLToPath(new URL("needs-node.ts", import.meta.url));
const PREFIX = "\0stub:";

/** Modules that read files, beside Node's own. */
const isStubbed = (id) => id.startsWith("node:") || id === "@perfloc-tooling/traces";

/** The names that a source imports from a module. */
function namesImported(source, module) {
  const imports = source.matchAll(/import\s*(?:type\s*)?\{([^}]*)\}\s*from\s*"([^"]+)"/g);
  return [...imports]
    .filter(([, , from]) => from === module)
    .flatMap(([, names]) => names.split(","))
    .map((name) => name.trim().split(/\s+as\s+/)[0])
    .filter((name) => /^[A-Za-z_]\w*$/.test(name));
}

export function nodeStubs() {
  return {
    name: "perfloc:node-stubs",
    enforce: "pre",
    resolveId(id, importer) {
      if (!isStubbed(id) || importer === undefined) return undefined;
      // Each importer gets the names that it asks for.
      return `${PREFIX}${id}?from=${encodeURIComponent(importer.split("?")[0])}`;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      const [module, importer] = id.slice(PREFIX.length).split("?from=");
      const source = readFileSync(decodeURIComponent(importer), "utf8");
      const names = [...new Set(namesImported(source, module))];
      return [
        `import { needsNode } from ${JSON.stringify(needsNode)};`,
        ...names.map((name) => `export const ${name} = needsNode("${name} (${module})");`),
      ].join("\n");
    },
  };
}
