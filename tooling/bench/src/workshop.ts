/** Where rows get what their processes need: compiled programs and converted traces, each made once, in a scratch folder. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { binaryTrace, readTrace } from "@perfloc-tooling/traces";
import { type AssemblyScriptRuntime, compileAssemblyScript } from "./assemblyscript-module.js";
import { NativePrograms } from "./native-programs.js";

/** A trace, ready for the programs in C. */
export interface PreparedTrace {
  /** What `binaryTrace` made of it. */
  readonly binaryPath: string;
  readonly operationCount: number;
}

export class Workshop {
  readonly programs: NativePrograms;
  readonly #folder: string;
  readonly #traces = new Map<string, PreparedTrace>();
  readonly #modules = new Map<AssemblyScriptRuntime, string>();

  /** @param folder - an empty one, which the caller removes */
  constructor(folder: string, warn: (line: string) => void) {
    this.#folder = folder;
    this.programs = new NativePrograms(folder, warn);
  }

  /** The path of an allocator of AssemblyScript. Compiling it takes two seconds. */
  assemblyScript(runtime: AssemblyScriptRuntime): string {
    const path = this.#modules.get(runtime) ?? compileAssemblyScript(this.#folder, runtime);
    this.#modules.set(runtime, path);
    return path;
  }

  /**
   * For what a row makes itself.
   *
   * @returns the path of the file
   */
  write(name: string, bytes: Uint8Array): string {
    const path = join(this.#folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  /** @throws TraceFormatError as `readTrace` does */
  prepareTrace(path: string): PreparedTrace {
    const known = this.#traces.get(path);
    if (known !== undefined) return known;
    const trace = readTrace(path);
    const binaryPath = this.write(`trace-${this.#traces.size}.bin`, binaryTrace(trace));
    const prepared = { binaryPath, operationCount: trace.operationCount };
    this.#traces.set(path, prepared);
    return prepared;
  }
}
