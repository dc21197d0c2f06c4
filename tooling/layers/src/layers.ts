/**
 * The layer map, lowest first. A package depends on the one before it and on nothing else;
 * `.oxlintrc.json` says the same in the editor, these tests say it for the whole tree.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

export const layers = ["arena", "context", "trim", "typed"] as const;
export type Layer = (typeof layers)[number];

export const packagesFolder = fileURLToPath(new URL("../../../packages/", import.meta.url));

/** The package that `layer` may import, its entry for the next layer (`/internal`) included; undefined for the lowest. */
export function packageBelow(layer: Layer): string | undefined {
  const below = layers[layers.indexOf(layer) - 1];
  return below === undefined ? undefined : `@perfloc/${below}`;
}

export interface TextFile {
  /** Relative to the package's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every .ts file under `folder` of the package; none when the folder does not exist. */
export function typescriptFiles(layer: Layer, folder: "src" | "test"): TextFile[] {
  const root = join(packagesFolder, layer);
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({
      path: `${folder}/${path.replaceAll("\\", "/")}`,
      text: readFileSync(join(root, folder, path), "utf8"),
    }));
}
