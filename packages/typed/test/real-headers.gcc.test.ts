/** Structs of real headers of Linux on x86-64, with what gcc says about them, and files and packets read through them. */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import {
  Heap,
  type Struct,
  array,
  be,
  bits,
  i32,
  i64,
  struct,
  u16,
  u32,
  u64,
  u8,
  union,
} from "@perfloc/typed";
import { expect, test } from "vitest";
import { canCompile, compile, run } from "./support/c-compiler.js";

const reader = process.env["READELF"] ?? "readelf";
const isLinux = process.platform === "linux" && process.arch === "x64";
const hasGcc = isLinux && canCompile("-m64");

const Elf64Ehdr = struct("Elf64_Ehdr", {
  e_ident: array(u8, 16),
  e_type: u16,
  e_machine: u16,
  e_version: u32,
  e_entry: u64,
  e_phoff: u64,
  e_shoff: u64,
  e_flags: u32,
  e_ehsize: u16,
  e_phentsize: u16,
  e_phnum: u16,
  e_shentsize: u16,
  e_shnum: u16,
  e_shstrndx: u16,
});
const Timespec = struct("timespec", { tv_sec: i64, tv_nsec: i64 });
const Stat = struct("stat", {
  st_dev: u64,
  st_ino: u64,
  st_nlink: u64,
  st_mode: u32,
  st_uid: u32,
  st_gid: u32,
  pad: i32,
  st_rdev: u64,
  st_size: i64,
  st_blksize: i64,
  st_blocks: i64,
  st_atim: Timespec,
  st_mtim: Timespec,
  st_ctim: Timespec,
  reserved: array(i64, 3),
});
const IpHeader = struct("iphdr", {
  first: bits(u8, { ihl: 4, version: 4 }),
  tos: u8,
  tot_len: be(u16),
  id: be(u16),
  frag_off: be(u16),
  ttl: u8,
  protocol: u8,
  check: be(u16),
  saddr: be(u32),
  daddr: be(u32),
});
const TcpHeader = struct("tcphdr", {
  source: be(u16),
  dest: be(u16),
  seq: be(u32),
  ack_seq: be(u32),
  flags: bits(u16, {
    res1: 4,
    doff: 4,
    fin: 1,
    syn: 1,
    rst: 1,
    psh: 1,
    ack: 1,
    urg: 1,
    res2: 2,
  }),
  window: be(u16),
  check: be(u16),
  urg_ptr: be(u16),
});
const EpollEvent = struct(
  "epoll_event",
  { events: u32, data: union({ ptr: u64, fd: i32, u32, u64 }) },
  { packed: true },
);

/** What the headers of this machine say: size, alignment and the offsets of fields. */
function factsOf(type: Struct<any>, fields: readonly string[], header: string): number[] {
  const name = `struct ${type.name}`;
  const known = type === Elf64Ehdr ? "Elf64_Ehdr" : name;
  const facts = [
    `sizeof(${known})`,
    `_Alignof(${known})`,
    ...fields.map((field) => `offsetof(${known}, ${field})`),
  ];
  const prints = facts.map((fact) => `printf("%zu ", ${fact});`).join(" ");
  const source = `#define _GNU_SOURCE\n#include <stddef.h>\n#include <stdio.h>\n#include <${header}>\nint main(void) { ${prints} return 0; }`;
  return run(source).trim().split(" ").map(Number);
}

test.skipIf(!hasGcc).each([
  [Elf64Ehdr, "elf.h", ["e_ident", "e_entry", "e_phoff", "e_shstrndx"]],
  [Stat, "sys/stat.h", ["st_ino", "st_mode", "st_rdev", "st_size", "st_mtim"]],
  [IpHeader, "linux/ip.h", ["tos", "tot_len", "saddr", "daddr"]],
  [TcpHeader, "linux/tcp.h", ["source", "seq", "window", "urg_ptr"]],
  [EpollEvent, "sys/epoll.h", ["events", "data"]],
] as const)(
  "V22 %# is laid out as the headers have it (needs gcc on Linux x64)",
  (type, header, fields) => {
    const described: Struct<any> = type;
    const ours = [
      described.size,
      described.align,
      ...fields.map((name) => described.offsetOf(name)),
    ];
    expect(ours).toEqual(factsOf(described, fields, header));
  },
);

test.skipIf(!hasGcc)("V25 toC() compiles with its assertions (needs gcc on Linux x64)", () => {
  for (const type of [Elf64Ehdr, Stat, IpHeader, TcpHeader, EpollEvent]) compile(type.toC());
  const wrong = Stat.toC().replace("sizeof(struct stat) == 144", "sizeof(struct stat) == 143");
  expect(() => compile(wrong)).toThrow("static assertion failed");
});

test.skipIf(!isLinux)(
  "V22 the ELF header of this program reads as readelf shows it (needs Linux x64)",
  () => {
    const heap = new Heap();
    const context = heap.open("elf");
    const address = Elf64Ehdr.alloc(context);
    const file = openSync(process.execPath, "r");
    readSync(file, context.bytes(address, Elf64Ehdr.size), 0, Elf64Ehdr.size, 0);
    closeSync(file);
    const header = Elf64Ehdr.cursor(heap, address);
    expect(String.fromCharCode(...header.e_ident.toArray().slice(1, 4))).toBe("ELF");
    const readelf = spawnSync(reader, ["-h", process.execPath], {
      encoding: "utf8",
      env: { LC_ALL: "C" },
    });
    if (readelf.status !== 0) {
      console.log("skipped the comparison: no readelf here");
      return;
    }
    const shown = (label: string): number =>
      Number(new RegExp(`${label}: +(0x[0-9a-f]+|\\d+)`).exec(readelf.stdout)![1]);
    expect({
      entry: Number(header.e_entry),
      phoff: Number(header.e_phoff),
      shoff: Number(header.e_shoff),
      flags: header.e_flags,
      ehsize: header.e_ehsize,
      phentsize: header.e_phentsize,
      phnum: header.e_phnum,
      shentsize: header.e_shentsize,
      shnum: header.e_shnum,
      shstrndx: header.e_shstrndx,
    }).toEqual({
      entry: shown("Entry point address"),
      phoff: shown("Start of program headers"),
      shoff: shown("Start of section headers"),
      flags: shown("Flags"),
      ehsize: shown("Size of this header"),
      phentsize: shown("Size of program headers"),
      phnum: shown("Number of program headers"),
      shentsize: shown("Size of section headers"),
      shnum: shown("Number of section headers"),
      shstrndx: shown("Section header string table index"),
    });
  },
);

test("V22 a packet's header reads in network byte order", () => {
  const heap = new Heap();
  const context = heap.open("packet");
  const address = IpHeader.alloc(context);
  const packet = "4500003c1c4640004006b1e6ac100a63ac100a0c";
  context.bytes(address, IpHeader.size).set(Buffer.from(packet, "hex"));
  const ip = IpHeader.cursor(heap, address);
  expect([
    ip.first.version,
    ip.first.ihl,
    ip.tot_len,
    ip.id,
    ip.ttl,
    ip.protocol,
    ip.saddr,
  ]).toEqual([4, 5, 60, 0x1c46, 64, 6, 0xac100a63]);
  ip.daddr = 0x7f000001;
  ip.first.ihl = 6;
  const bytes = Buffer.from(context.bytes(address, IpHeader.size)).toString("hex");
  expect(bytes).toBe(`46${packet.slice(2, 32)}7f000001`);
});
