/** Where the figures come from. */
import { arch, cpus, loadavg, release, type } from "node:os";

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  /** Processes that wanted to run, averaged over the last minute; the benchmark itself adds 1. */
  readonly load: number;
  readonly system: string;
  readonly node: string;
  /** The C library behind `malloc`; undefined where it is not glibc. */
  readonly glibc: string | undefined;
  /** Undefined without a C compiler. */
  readonly cc: string | undefined;
}

export function describeMachine(compilerVersion: string | undefined): Machine {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    cpu: processors[0]?.model.trim() ?? "unknown processor",
    cores: processors.length,
    load: loadavg()[0]!,
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    glibc: glibcVersion(),
    cc: compilerVersion,
  };
}

/** For people, in one line. */
export function machineLine(machine: Machine): string {
  return [
    `${machine.cores} × ${machine.cpu}`,
    `load ${machine.load.toFixed(1)}`,
    machine.system,
    `Node ${machine.node}`,
    ...(machine.glibc === undefined ? [] : [`glibc ${machine.glibc}`]),
    machine.cc ?? "no C compiler",
  ].join(" · ");
}

function glibcVersion(): string | undefined {
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return report.header.glibcVersionRuntime;
}
