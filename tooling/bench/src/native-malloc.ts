/** The implementations of malloc, realloc and free that the programs in C are linked with. */

export interface NativeMalloc {
  /** As the table names it; part of the library's file name. */
  readonly label: string;
  /** For the compiler, behind the source. */
  readonly linkFlags: readonly string[];
  /** What Debian calls the package with the library. */
  readonly debianPackage: string;
}

/** What a program gets that asks for nothing else. */
export const SYSTEM_MALLOC: NativeMalloc = {
  label: "malloc",
  linkFlags: [],
  debianPackage: "libc6-dev",
};

/** The other two that programs are shipped with. */
export const REPLACEMENT_MALLOCS: readonly NativeMalloc[] = [
  { label: "mimalloc", linkFlags: ["-lmimalloc"], debianPackage: "libmimalloc-dev" },
  { label: "jemalloc", linkFlags: ["-ljemalloc"], debianPackage: "libjemalloc-dev" },
];
