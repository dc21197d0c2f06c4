/** The first example of a package's README, as a file of its own that any runtime can run. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Within this package, so that the packages are found in its node_modules. */
const folder = fileURLToPath(new URL("../temp/", import.meta.url));

/** Writes the example of a package; answers the path. */
export function writeExample(name) {
  const readme = readFileSync(join(root, "packages", name, "README.md"), "utf8");
  const example = readme.split("```ts\n")[1]?.split("```")[0];
  if (example === undefined) throw new Error(`the README of ${name} has no example`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.ts`);
  writeFileSync(path, `${example}\nconsole.log("${name}: ran to its end");\n`);
  return path;
}
