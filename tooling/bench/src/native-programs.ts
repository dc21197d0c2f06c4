/** Compiles the programs of the `native` folder with the system's compiler. */
import { execFileSync } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type NativeMalloc, SYSTEM_MALLOC } from "./native-malloc.js";

const SOURCES = fileURLToPath(new URL("../native/", import.meta.url));

/** As most C programs are built: nothing is tuned to this machine, or for this benchmark. */
const COMPILER = "cc";
const COMPILER_FLAGS = ["-O2"];

export type NativeProgram =
  | "context-replay"
  | "malloc-replay"
  | "replace"
  | "bump-apr"
  | "scopes-malloc"
  | "scopes-talloc"
  | "scopes-apr"
  | "growth";

export class NativePrograms {
  readonly #folder: string;
  readonly #warn: (line: string) => void;
  /** By file name; undefined for what could not be built. */
  readonly #built = new Map<string, string | undefined>();
  readonly #isUsable = new Map<NativeMalloc, boolean>([[SYSTEM_MALLOC, true]]);
  #compilerVersion: string | undefined;
  #isCompilerKnown = false;

  /** @param warn - gets one line for each program that cannot be built, and for what is missing on this machine */
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
        this.#warn(
          `no C compiler (${COMPILER}) found: rows without native peers. Debian has one in gcc`,
        );
      }
    }
    return this.#compilerVersion;
  }

  /** @returns the program's path, or undefined if it cannot be built here */
  build(name: NativeProgram, malloc: NativeMalloc = SYSTEM_MALLOC): string | undefined {
    const file = malloc === SYSTEM_MALLOC ? name : `${name}-${malloc.label}`;
    if (!this.#built.has(file)) this.#built.set(file, this.#buildNew(file, name, malloc));
    return this.#built.get(file);
  }

  #buildNew(file: string, name: NativeProgram, malloc: NativeMalloc): string | undefined {
    if (this.compilerVersion === undefined || !this.#hasMalloc(malloc)) return undefined;
    const flags = flagsFor(name, malloc);
    if (flags === undefined) {
      this.#warn(
        `no headers of the Apache Portable Runtime (apr-1-config) found: no figures of ${name}. Debian has them in libapr1-dev`,
      );
      return undefined;
    }
    try {
      return this.#compile(file, name, flags);
    } catch (error) {
      const hint = name.endsWith("-talloc") ? ". Debian has talloc in libtalloc-dev" : "";
      this.#warn(`could not compile ${name}.c: no figures for it. ${firstLine(error)}${hint}`);
      return undefined;
    }
  }

  #hasMalloc(malloc: NativeMalloc): boolean {
    if (!this.#isUsable.has(malloc)) {
      const isUsable = this.#findsMalloc(malloc);
      this.#isUsable.set(malloc, isUsable);
      if (!isUsable) {
        const flags = malloc.linkFlags.join(" ");
        this.#warn(
          `no ${malloc.label} (${flags}) found: rows without it. Debian has it in ${malloc.debianPackage}`,
        );
      }
    }
    return this.#isUsable.get(malloc)!;
  }

  /**
   * Whether a program that is linked with it also calls it: linking proves nothing where a preloaded malloc stands before all
   * others. The label is in the name of the library, and in that of the probe, which holds a library that has only a static form.
   */
  #findsMalloc(malloc: NativeMalloc): boolean {
    const flags = { compile: [], link: [...malloc.linkFlags, "-ldl"] };
    try {
      const probe = this.#compile(`whose-malloc-${malloc.label}`, "whose-malloc", flags);
      return basename(tryRun(probe, []) ?? "").includes(malloc.label);
    } catch {
      return false;
    }
  }

  /** @throws what `execFileSync` throws when the compiler fails */
  #compile(file: string, name: NativeProgram | "whose-malloc", flags: Flags): string {
    const path = join(this.#folder, file);
    const source = join(SOURCES, `${name}.c`);
    const args = [...COMPILER_FLAGS, ...flags.compile, "-o", path, source, ...flags.link];
    execFileSync(COMPILER, args, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
    return path;
  }
}

interface Flags {
  readonly compile: readonly string[];
  readonly link: readonly string[];
}

/** @returns undefined when its library is not here */
function flagsFor(name: NativeProgram, malloc: NativeMalloc): Flags | undefined {
  if (name.endsWith("-apr")) return aprFlags();
  if (name.endsWith("-talloc")) return { compile: [], link: ["-ltalloc"] };
  return { compile: [], link: malloc.linkFlags };
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
