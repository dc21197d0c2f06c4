/** A router's look at packets, through structs of the headers that lie in the Buffer. Nothing is copied. */
import { type BufferView, type StructFields, be, bits, struct, u16, u32, u8 } from "@perfloc/typed";
import { TCP, type Traffic, type TrafficReport, emptyReport } from "./capture.js";

/** RFC 791, page 11. C's bit fields begin with the low bits of a byte, the drawings of the RFC with the high ones. */
const Ipv4 = struct(
  "Ipv4",
  {
    first: bits(u8, { headerWords: 4, version: 4 }),
    service: u8,
    totalBytes: be(u16),
    id: be(u16),
    fragment: bits(u8, { offsetHigh: 5, moreFragments: 1, dontFragment: 1, reserved: 1 }),
    offsetLow: u8,
    hops: u8,
    protocol: u8,
    checksum: be(u16),
    source: be(u32),
    destination: be(u32),
  },
  { packed: true },
);

/** RFC 9293, section 3.1. */
const Tcp = struct(
  "Tcp",
  {
    sourcePort: be(u16),
    destinationPort: be(u16),
    sequence: be(u32),
    acknowledgment: be(u32),
    offset: bits(u8, { reserved: 4, headerWords: 4 }),
    flags: bits(u8, { fin: 1, syn: 1, rst: 1, psh: 1, ack: 1, urg: 1, ece: 1, cwr: 1 }),
    window: be(u16),
    checksum: be(u16),
    urgent: be(u16),
  },
  { packed: true },
);

/** One of the 16-bit words that the checksum of a header adds up. */
const Word = struct("Word", { value: be(u16) }, { packed: true });

type View<Type extends { readonly "~fields": StructFields }> = BufferView<Type["~fields"]>;

/** Counts what it sees, and sends each packet on: with one hop less, and the checksum of that. */
export function forward({ bytes, offsets }: Traffic): TrafficReport {
  const ip = Ipv4.over(bytes);
  const tcp = Tcp.over(bytes);
  const word = Word.over(bytes);
  const report = emptyReport();
  for (const at of offsets) {
    report.packets++;
    ip.$moveTo(at);
    const headerBytes = ip.first.headerWords * 4;
    if (!isIntact(word, at, headerBytes)) {
      report.damaged++;
    } else if (ip.hops <= 1) {
      report.expired++;
    } else {
      hop(ip);
      const { moreFragments, offsetHigh } = ip.fragment;
      const isFragment = moreFragments || offsetHigh !== 0 || ip.offsetLow !== 0;
      if (isFragment) report.fragments++;
      let payloadBytes = ip.totalBytes - headerBytes;
      if (ip.protocol === TCP && !isFragment) {
        tcp.$moveTo(at + headerBytes);
        payloadBytes -= tcp.offset.headerWords * 4;
        countSegment(report, tcp, payloadBytes);
      }
      report.payloadBytes += payloadBytes;
    }
  }
  return report;
}

/** Whether the words of a header add up to all ones, RFC 1071. */
function isIntact(word: View<typeof Word>, at: number, headerBytes: number): boolean {
  let sum = 0;
  for (let byte = 0; byte < headerBytes; byte += 2) sum += word.$moveTo(at + byte).value;
  return folded(sum) === 0xffff;
}

/** RFC 1624: the new checksum comes from the old one and the word that changes. */
function hop(ip: View<typeof Ipv4>): void {
  ip.hops--;
  ip.checksum = ~folded((~ip.checksum & 0xffff) + 0xfeff) & 0xffff;
}

function countSegment(report: TrafficReport, tcp: View<typeof Tcp>, payloadBytes: number): void {
  const { syn, ack, fin, rst } = tcp.flags;
  if (syn && !ack) report.opened++;
  if (fin || rst) report.closed++;
  const port = tcp.destinationPort;
  if (port < 1024) report.bytesByPort[port]! += payloadBytes;
}

/** A sum of 16 bits with its carries, as RFC 1071 adds them. */
function folded(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}
