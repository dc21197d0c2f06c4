/** Compiles the programs of the `native` folder with the system's compiler. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCES = fileURLToPath(new URL("../native/", import.meta.url));

/** As most C programs are built: nothing is tuned to this machine, or for this benchmark. */
const COMPILER = "cc";
const COMPILER_FLAGS = ["-O2"];

export type NativeProgram =
  | "context-replay"
  | "malloc-replay"
  | "bump-apr"
  | "scopes-malloc"
  | "scopes-talloc"
  | "scopes-apr"
  | "growth";

export class NativePrograms {
  readonly #folder: string;
  readonly #warn: (line: string) => void;
  /** By name; undefined for what could not be built. */
  readonly #built = new Map<NativeProgram, string | undefined>();
  #compilerVersion: string | undefined;
  #isCompilerKnown = false;

  /** @param warn - gets one line for each program that cannot be built, or for the compiler that is missing */
  constructor(folder: string, warn: (line: string) => void) {
    this.#folder = folder;
    this.#warn = warn;
  }

  /** The first line of `cc --version`; undefined without a compiler. */
  get compilerVersion(): string | undefined {
    if (!this.#isCompilerKnown) {
      this.#isCompilerKnown = true;
      this.#compilerVersion = tryRun(COMPILER, ["--version"])?.split("\n", 1)[0];
      if (this.#compilerVersion === undefined) {
        this.#warn(`no C compiler (${COMPILER}) found: Perfloc's own figures only, no ratios`);
      }
    }
    return this.#compilerVersion;
  }

  /** @returns the program's path, or undefined if it cannot be built here */
  build(name: NativeProgram): string | undefined {
    if (!this.#built.has(name)) this.#built.set(name, this.#compile(name));
    return this.#built.get(name);
  }

  #compile(name: NativeProgram): string | undefined {
    if (this.compilerVersion === undefined) return undefined;
    const flags = flagsFor(name);
    if (flags === undefined) {
      this.#warn(
        `no headers of the Apache Portable Runtime (apr-1-config) found: no figures of ${name}. Debian has them in libapr1-dev`,
      );
      return undefined;
    }
    const path = join(this.#folder, name);
    const source = join(SOURCES, `${name}.c`);
    const args = [...COMPILER_FLAGS, ...flags.compile, "-o", path, source, ...flags.link];
    try {
      execFileSync(COMPILER, args, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
      return path;
    } catch (error) {
      this.#warn(`could not compile ${name}.c: no figures for it. ${firstLine(error)}`);
      return undefined;
    }
  }
}

interface Flags {
  readonly compile: readonly string[];
  readonly link: readonly string[];
}

const NO_FLAGS: Flags = { compile: [], link: [] };

/** @returns undefined when its library is not here */
function flagsFor(name: NativeProgram): Flags | undefined {
  if (name.endsWith("-apr")) return aprFlags();
  if (name.endsWith("-talloc")) return { compile: [], link: ["-ltalloc"] };
  return NO_FLAGS;
}

function aprFlags(): Flags | undefined {
  const compile = tryRun("apr-1-config", ["--cppflags", "--includes"]);
  const link = tryRun("apr-1-config", ["--link-ld", "--libs"]);
  if (compile === undefined || link === undefined) return undefined;
  return { compile: words(compile), link: words(link) };
}

function words(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== "");
}

/** Standard output; undefined if the command is missing or fails. */
function tryRun(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" });
  } catch {
    return undefined;
  }
}

function firstLine(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  return (stderr ?? String(error)).split("\n", 1)[0]!;
}
