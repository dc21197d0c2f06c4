/** What is missing on a machine is said, with the package that has it. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { REPLACEMENT_MALLOCS } from "../src/native-malloc.js";
import { NativePrograms } from "../src/native-programs.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "perfloc-bench-test-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A `cc` before all others on the path. */
function installCompiler(script: string): void {
  const path = join(folder, "cc");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"]}`);
}

function makePrograms(): { programs: NativePrograms; lines: string[] } {
  const lines: string[] = [];
  return { programs: new NativePrograms(folder, (line) => lines.push(line)), lines };
}

test("no compiler: one line, however many programs are asked for", () => {
  vi.stubEnv("PATH", folder);
  const { programs, lines } = makePrograms();
  for (const malloc of REPLACEMENT_MALLOCS) {
    expect(programs.build("malloc-replay", malloc)).toBeUndefined();
  }
  expect(programs.build("malloc-replay")).toBeUndefined();
  expect(lines).toEqual([expect.stringMatching(/no C compiler \(cc\) found.+ gcc$/)]);
});

test.each(REPLACEMENT_MALLOCS)(
  "no $label to link with: one line with its package",
  ({ label, linkFlags, debianPackage }) => {
    installCompiler(`case "$*" in *${linkFlags[0]}*) exit 1;; esac`);
    const { programs, lines } = makePrograms();
    const malloc = REPLACEMENT_MALLOCS.find((each) => each.label === label)!;
    expect(programs.build("malloc-replay", malloc)).toBeUndefined();
    expect(programs.build("context-replay", malloc)).toBeUndefined();
    expect(programs.build("malloc-replay")).toBe(join(folder, "malloc-replay"));
    expect(lines).toEqual([expect.stringContaining(`no ${label} `)]);
    expect(lines[0]).toMatch(new RegExp(`${debianPackage}$`));
  },
);

test("a malloc that is linked but not called counts as missing", () => {
  // A compiler whose programs call the malloc of another library.
  installCompiler(
    'while [ $# -gt 1 ]; do [ "$1" = -o ] && out=$2; shift; done; printf "#!/bin/sh\\necho /lib/libc.so.6\\n" > "$out"; chmod +x "$out"',
  );
  const { programs, lines } = makePrograms();
  expect(programs.build("malloc-replay", REPLACEMENT_MALLOCS[0])).toBeUndefined();
  expect(lines).toHaveLength(1);
});

test("what does not compile is told in the compiler's own first line", () => {
  installCompiler('[ "$1" = --version ] || { echo "cc: no such thing" >&2; exit 1; }');
  const { programs, lines } = makePrograms();
  expect(programs.build("malloc-replay")).toBeUndefined();
  expect(lines).toEqual([expect.stringMatching(/malloc-replay\.c.+cc: no such thing$/)]);
});

test("the mallocs of this machine are linked, or said to be missing", () => {
  const { programs, lines } = makePrograms();
  const built = REPLACEMENT_MALLOCS.map((malloc) => programs.build("malloc-replay", malloc));
  const missing = programs.compilerVersion === undefined ? 1 : built.filter(isMissing).length;
  expect(lines).toHaveLength(missing);
});

function isMissing(path: string | undefined): boolean {
  return path === undefined;
}
